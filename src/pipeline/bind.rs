//! A plan's source and the secret of the epoch in; rules, keys, measures and the
//! description of the output out.

use std::sync::Arc;

use arrow::datatypes::{Field, Schema, SchemaRef};

use crate::assess::measure::Measure;
use crate::assess::settings::Settings;
use crate::config::pipeline_file::PipelineFile;
use crate::config::plan::{Plan, Source};
use crate::protect::Rule;
use crate::protect::keys::KeyRing;
use crate::protect::settings::Encoding as Written;
use crate::protect::technique::Form;
use crate::protect::whole::rows::RowRules;
use crate::release::table::{Column, Encoding, Form as Output, Table};
use crate::vault::pseudonym::EpochSecret;

/// Who gets the pseudonyms if nobody else does.
const OWN_STORE: &str = "store";

/// The rules of a source, behind whose wanted fields `extra` more are read.
pub(super) fn rules(source: &Source, extra: usize) -> Vec<Rule> {
    let wanted = source.wanted();
    let columns = source.columns.iter().map(|column| {
        // A subject that is looked up stands behind what is read.
        let read = wanted.iter().position(|field| *field == column.field);
        let input = read.unwrap_or(if source.is_looked_up(&column.field) {
            wanted.len() + extra
        } else {
            0
        });
        Rule {
            name: column.name.clone(),
            field: column.field.clone(),
            input,
            technique: column.technique.clone(),
            refinement: column.refinement.clone(),
            decides_rows: source.drop_rows.iter().any(|(name, _)| *name == column.name),
            label: column.label.clone(),
        }
    });
    columns.collect()
}

/// The keys of a pipeline's columns. Two purposes or recipients can never be joined:
/// each has its own.
pub(super) fn keys<'a>(plan: &'a Plan, secret: &'a EpochSecret, table: &'a str) -> KeyRing<'a> {
    KeyRing {
        secret,
        controller: &plan.house.institution.controller.id,
        purpose: plan.file.purpose.category.korean(),
        recipient: plan.file.recipient.as_deref().unwrap_or(OWN_STORE),
        table,
    }
}

/// Which rows of a source stay.
pub(super) fn row_rules(source: &Source, keys: &KeyRing<'_>) -> RowRules {
    let index = |name: &str| source.columns.iter().position(|column| column.name == name);
    let drops = source.drop_rows.iter();
    let drops = drops.filter_map(|(name, when)| Some((index(name)?, when.clone())));
    RowRules::new(source.sample, drops.collect(), keys)
}

/// The Arrow schema of protected row groups.
pub(super) fn schema(rules: &[Rule]) -> SchemaRef {
    let fields: Vec<Field> =
        rules.iter().map(|rule| Field::new(&rule.name, rule.form().data_type(), true)).collect();
    Arc::new(Schema::new(fields))
}

/// What the gate measures of a source. `check` has made sure of the names.
pub(super) fn measure(settings: &Settings, schema: SchemaRef) -> Measure {
    let index = |name: &String| schema.index_of(name).unwrap_or_default();
    let settings = settings.clone();
    Measure {
        subject: index(&settings.subject),
        quasi_identifiers: settings.quasi_identifiers.names().iter().map(index).collect(),
        value_persons_min: settings
            .value_persons_min
            .iter()
            .map(|(name, persons)| (index(name), persons.count()))
            .collect(),
        settings,
        schema,
    }
}

/// The description that a Parquet file carries. Nothing in it depends on when
/// or where the run was, so that the same input gives the same bytes.
pub(super) fn table(plan: &Plan, source: &Source, rules: &[Rule], date: &str) -> Table {
    let columns = rules
        .iter()
        .map(|rule| {
            let role = source.role(&rule.name);
            let describe = [
                ("label", rule.label.clone()),
                ("field", rule.field.clone()),
                ("item", source.item.name.clone()),
                ("technique", rule.technique.name().to_owned()),
                ("technique_ko", rule.korean()),
                ("parameters", rule.parameters()),
                ("role", role.name().to_owned()),
                ("role_ko", role.korean().to_owned()),
            ];
            let column = source.columns.iter().find(|column| column.name == rule.name);
            let reason = column.and_then(|column| Some(("reason", column.reason.clone()?)));
            let description = describe.into_iter().chain(reason);
            let description = description.map(|(key, value)| (format!("gamyeong.{key}"), value));
            Column {
                name: rule.name.clone(),
                form: output(rule.form()),
                description: description.collect(),
            }
        })
        .collect();
    Table { columns, metadata: metadata(plan, source, date) }
}

fn metadata(plan: &Plan, source: &Source, date: &str) -> Vec<(String, String)> {
    let PipelineFile { name, purpose, basis, linkage, .. } = &plan.file;
    let controller = &plan.house.institution.controller;
    let pairs = [
        ("kind", "가명정보 (pseudonymised information; still personal information)".to_owned()),
        ("controller", controller.name.clone()),
        ("controller_id", controller.id.clone()),
        ("pipeline", name.clone()),
        ("source", source.name.clone()),
        ("date", date.to_owned()),
        ("purpose", purpose.category.korean().to_owned()),
        ("purpose_detail", purpose.detail.clone()),
        ("basis", basis.korean().to_owned()),
        ("period", format!("{}/{}", purpose.period.first, purpose.period.last)),
        ("linkage_window", linkage.window.to_string()),
        ("row_order", "drawn".to_owned()),
        ("notice", "재식별 금지 (법 제28조의5)".to_owned()),
    ];
    let mut pairs = pairs.to_vec();
    if let Some(sample) = source.sample {
        pairs.push(("sample", format!("one_in={}", sample.one_in())));
    }
    let drops = source.drop_rows.iter();
    let drops: Vec<_> =
        drops.map(|(column, when)| format!("{column}: {}", when.parameters())).collect();
    if !drops.is_empty() {
        pairs.push(("drop_rows", drops.join("; ")));
    }
    let blanked = source.assess.iter().flat_map(|assess| &assess.value_persons_min);
    let blanked: Vec<_> =
        blanked.map(|(column, persons)| format!("{column}: {}", persons.count())).collect();
    if !blanked.is_empty() {
        pairs.push(("value_persons_min", blanked.join("; ")));
    }
    pairs.into_iter().map(|(key, value)| (format!("gamyeong.{key}"), value)).collect()
}

fn output(form: Form) -> Output {
    match form {
        Form::Text => Output::Text,
        Form::Pseudonym(encoding, length) => {
            let encoding = match encoding {
                Written::Base32 => Encoding::Base32,
                Written::Hex => Encoding::Hex,
                Written::Binary => Encoding::Binary,
            };
            Output::Pseudonym { encoding, length }
        }
        Form::Integer => Output::Integer64,
        Form::Time => Output::Time,
        Form::Flag => Output::Flag,
    }
}
