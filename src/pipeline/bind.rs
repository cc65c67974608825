//! A plan's source and the keys of the epoch in; rules, measures and the
//! description of the output out.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};

use crate::assess::gate::Measure;
use crate::assess::settings::Settings;
use crate::config::pipeline_file::PipelineFile;
use crate::config::plan::{Plan, Source, Technique as Planned};
use crate::protect::Rule;
use crate::protect::settings::{Encoding as Written, Randomised};
use crate::protect::technique::{Form, LookedUp, Pseudonym, Technique};
use crate::release::table::{Column, Encoding, Form as Output, Table};
use crate::vault::pseudonym::{EpochSecret, Label};

/// Who gets the pseudonyms if nobody else does.
const OWN_STORE: &str = "store";

/// The rules of a source, with their keys.
pub(super) fn rules(plan: &Plan, source: &Source, secret: &EpochSecret) -> Vec<Rule> {
    let wanted = source.wanted();
    let columns = source.columns.iter().map(|column| {
        // A subject that is looked up stands behind what is read.
        let read = wanted.iter().position(|field| *field == column.field);
        let input =
            read.unwrap_or(if source.is_looked_up(&column.field) { wanted.len() } else { 0 });
        Rule {
            name: column.name.clone(),
            field: column.field.clone(),
            input,
            technique: technique(plan, &column.technique, secret),
            label: column.label.clone(),
        }
    });
    columns.collect()
}

fn technique(plan: &Plan, planned: &Planned, secret: &EpochSecret) -> Technique {
    match planned.clone() {
        Planned::KeepText => Technique::KeepText,
        Planned::KeepInteger(digits) => Technique::KeepInteger(digits),
        Planned::Pseudonym(settings, kind) => {
            let key = secret.derive(&label(plan, &settings.domain));
            let width = settings.bytes.bytes();
            let (domain, encoding) = (settings.domain, settings.encoding);
            let randomised = settings.randomised.unwrap_or_default();
            let domains = settings.device_domain.zip(settings.address_domain);
            let looked_up = domains.map(|(device_domain, address_domain)| {
                Box::new(LookedUp {
                    device: secret.derive(&label(plan, &device_domain)),
                    device_domain,
                    address: secret.derive(&label(plan, &address_domain)),
                    address_domain,
                })
            });
            // Which randomised devices count was decided when they were looked up.
            let randomised = if looked_up.is_some() { Randomised::Keep } else { randomised };
            Technique::Pseudonym(Pseudonym {
                key,
                domain,
                kind,
                encoding,
                width,
                randomised,
                looked_up,
            })
        }
        Planned::Prefix(prefix) => Technique::Prefix { v4: prefix.v4, v6: prefix.v6 },
        Planned::Vendor => Technique::Vendor,
        Planned::Randomised => Technique::Randomised,
        Planned::Round { unit, written, zone } => Technique::Round { unit, written, zone },
        Planned::Path => Technique::Path,
        Planned::Query(names) => Technique::Query(names),
        Planned::Family => Technique::Family,
        Planned::Category(category) => {
            Technique::Category { map: category.map, other: category.other }
        }
    }
}

/// Two purposes, recipients or domains can never be joined: each has its key.
fn label<'a>(plan: &'a Plan, domain: &'a str) -> Label<'a> {
    Label {
        controller: &plan.house.institution.controller.id,
        purpose: plan.file.purpose.category.korean(),
        recipient: plan.file.recipient.as_deref().unwrap_or(OWN_STORE),
        domain,
    }
}

/// The Arrow schema of protected row groups.
pub(super) fn schema(rules: &[Rule]) -> SchemaRef {
    let fields: Vec<Field> =
        rules.iter().map(|rule| Field::new(&rule.name, data_type(rule.form()), true)).collect();
    Arc::new(Schema::new(fields))
}

fn data_type(form: Form) -> DataType {
    let dictionary = |values| DataType::Dictionary(Box::new(DataType::UInt32), Box::new(values));
    match form {
        Form::Text => dictionary(DataType::Utf8),
        Form::Pseudonym(_, width) => {
            dictionary(DataType::FixedSizeBinary(i32::try_from(width).unwrap_or(32)))
        }
        Form::Integer => DataType::Int64,
        Form::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        Form::Flag => DataType::Boolean,
    }
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
                ("technique_ko", rule.technique.korean().to_owned()),
                ("parameters", rule.technique.parameters()),
                ("role", role.name().to_owned()),
                ("role_ko", role.korean().to_owned()),
            ];
            let description =
                describe.into_iter().map(|(key, value)| (format!("gamyeong.{key}"), value));
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
        ("notice", "재식별 금지 (법 제28조의5)".to_owned()),
    ];
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
