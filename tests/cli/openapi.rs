//! `openapi`: the description of the API.

use serde_json::Value;

use crate::support::program::{Home, outcome};

#[test]
fn the_description_is_printed_with_or_without_the_classic_calls() {
    let home = Home::new();
    for (line, classic) in [("openapi", false), ("openapi --classic-api", true)] {
        let printed = outcome(&mut home.run(line));
        assert_eq!((printed.code, printed.err.as_str()), (0, ""));
        let document: Value = serde_json::from_str(&printed.out).unwrap();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
        assert_eq!(document["paths"].get("/new-expense").is_some(), classic);
        assert!(document["paths"]["/v1/expenses"]["post"]["requestBody"].is_object());
    }
}
