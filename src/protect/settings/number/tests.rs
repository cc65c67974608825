use super::*;

#[track_caller]
fn refused<T: serde::de::DeserializeOwned + std::fmt::Debug>(text: &str, expected: Senseless) {
    let message = toml::from_str::<T>(text).unwrap_err().message().to_owned();
    assert_eq!(message, expected.to_string(), "{text}");
}

#[test]
fn what_makes_sense_is_read() {
    let round: RoundNumber = toml::from_str("unit = 10_000\nhow = 'down'").unwrap();
    assert_eq!(round, RoundNumber { unit: Step(10_000), how: Rounding::Down });
    let round: RoundNumber =
        toml::from_str("unit = 10\nhow = 'controlled'\nmargins = 'branch'").unwrap();
    let margins = "branch".to_owned();
    assert_eq!(round, RoundNumber { unit: Step(10), how: Rounding::Controlled { margins } });

    let range: Range = toml::from_str("width = 10").unwrap();
    assert_eq!(range, Range::Width { width: Step(10), origin: 0 });
    let range: Range = toml::from_str("bounds = [0, 20, 80]").unwrap();
    assert_eq!(range, Range::Bounds(Bounds(vec![0, 20, 80])));

    let noise: Noise = toml::from_str("spread = 5\nshape = 'laplace'").unwrap();
    assert_eq!(noise, Noise { spread: 5, shape: Shape::Laplace });
    let microaggregate: Microaggregate = toml::from_str("k = 5").unwrap();
    assert_eq!(microaggregate.k.rows(), 5);
}

#[test]
fn what_makes_no_sense_is_refused() {
    refused::<RoundNumber>("unit = 1\nhow = 'down'", Senseless::Step(1));
    refused::<RoundNumber>("unit = 10\nhow = 'controlled'", Senseless::NoMargins);
    refused::<RoundNumber>("unit = 10\nhow = 'up'\nmargins = 'branch'", Senseless::Margins);
    assert!(toml::from_str::<RoundNumber>("unit = 10\nhow = 'up'\nbase = 2").is_err());

    refused::<Range>("", Senseless::RangeForm);
    refused::<Range>("origin = 3", Senseless::RangeForm);
    refused::<Range>("width = 10\nbounds = [1]", Senseless::RangeForm);
    refused::<Range>("origin = 3\nbounds = [1]", Senseless::Origin);
    refused::<Range>("bounds = []", Senseless::BoundsNumber(0));
    refused::<Range>("bounds = [1, 5, 5]", Senseless::BoundsOrder(5, 5));
    refused::<Range>("width = -10", Senseless::Step(-10));

    refused::<Noise>("spread = 0\nshape = 'uniform'", Senseless::Spread(0));
    refused::<Noise>("spread = 10_001\nshape = 'laplace'", Senseless::LaplaceSpread(10_001));
    refused::<Microaggregate>("k = 1", Senseless::Rows(1));
    refused::<Microaggregate>("k = 1_001", Senseless::Rows(1_001));
}

/// The schema names the keys as they are written, and their bounds.
#[test]
fn the_schema_is_that_of_what_is_written() {
    let schema = schemars::schema_for!(RoundNumber);
    let text = serde_json::to_string(&schema).unwrap();
    for part in ["\"margins\"", "\"controlled\"", "\"minimum\":2", "\"additionalProperties\":false"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    let text = serde_json::to_string(&schemars::schema_for!(Range)).unwrap();
    assert!(text.contains("\"maxItems\":1000"), "{text}");
    let text = serde_json::to_string(&schemars::schema_for!(Noise)).unwrap();
    assert!(text.contains("\"maximum\":1000000000000000"), "{text}");
}
