//! The keys of `[categorize]`.

use strum::VariantNames;

use super::value::{number, parse, put, switch, text};
use super::{Key, Kind};
use crate::categorize::service::{Ask, Backend};
use crate::config::categorize;

/// Percent.
const THRESHOLD: std::ops::RangeInclusive<u16> = 1..=100;
/// Milliseconds.
const WAIT_MS: std::ops::RangeInclusive<u16> = 50..=10_000;

pub(super) static CATEGORIZE: [Key; 10] = [
    Key {
        name: "categorize.backend",
        kind: Kind::Choice(Backend::VARIANTS),
        about: "Who is asked for a category where the local prediction is not enough: nobody, a server that speaks \
                OpenAI's chat completions (OpenAI, Ollama, llama.cpp, vLLM), or an endpoint of AWS SageMaker. With the \
                last two, descriptions without their long numbers and the names of categories leave this computer.",
        take: |config, value| parse(value, &mut config.categorize.backend),
        show: |config| config.categorize.backend.to_string().into(),
    },
    Key {
        name: "categorize.ask",
        kind: Kind::Choice(Ask::VARIANTS),
        about: "When it is asked: where the local prediction is unsure, or always but for your own earlier choices.",
        take: |config, value| parse(value, &mut config.categorize.ask),
        show: |config| config.categorize.ask.to_string().into(),
    },
    Key {
        name: "categorize.threshold",
        kind: Kind::Number(THRESHOLD),
        about: "A local prediction below this confidence is unsure, in percent.",
        take: |config, value| {
            let percent = number(value).and_then(|percent| u8::try_from(percent).ok());
            put(percent, &mut config.categorize.threshold)
        },
        show: |config| i64::from(config.categorize.threshold).into(),
    },
    Key {
        name: "categorize.wait_ms",
        kind: Kind::Number(WAIT_MS),
        about: "The longest time that adding an expense waits for the answer, in milliseconds. What comes later is \
                kept for the next time.",
        take: |config, value| put(number(value), &mut config.categorize.wait_ms),
        show: |config| i64::from(config.categorize.wait_ms).into(),
    },
    Key {
        name: "categorize.base_url",
        kind: Kind::Text(
            "an address with http:// or https://, without user name, \"?\" and \"#\"",
            "https://api.openai.com/v1",
        ),
        about: "Where the server of chat completions is; /chat/completions is added.",
        take: |config, value| {
            let address = text(value).trim();
            address.clone_into(&mut config.categorize.base_url);
            address.is_empty() || categorize::address(address).is_some()
        },
        show: |config| config.categorize.base_url.as_str().into(),
    },
    Key {
        name: "categorize.model",
        kind: Kind::Text("the name of a model", "gpt-4o-mini"),
        about: "Its model.",
        take: |config, value| take_text(text(value), &mut config.categorize.model),
        show: |config| config.categorize.model.as_str().into(),
    },
    Key {
        name: "categorize.key_file",
        kind: Kind::Text("the path of a file", "openai.key"),
        about: "A file with its key that only you can read (mode 600), beside this one or elsewhere. Stronger is \
                BUDGET_TRACKER_OPENAI_KEY in the environment; a server on this computer may want none.",
        take: |config, value| take_text(text(value), &mut config.categorize.key_file),
        show: |config| config.categorize.key_file.as_str().into(),
    },
    Key {
        name: "categorize.insecure_base_url",
        kind: Kind::Switch,
        about: "Whether base_url may be http:// without encryption beyond this computer.",
        take: |config, value| put(switch(value), &mut config.categorize.insecure_base_url),
        show: |config| config.categorize.insecure_base_url.into(),
    },
    Key {
        name: "categorize.endpoint",
        kind: Kind::Text("the name of an endpoint", "budget-categories"),
        about: "The endpoint of SageMaker. AWS finds the credentials in its usual places: environment, profile, role.",
        take: |config, value| {
            let name = text(value).trim();
            let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            name.len() <= 63 && name.bytes().all(known) && take_text(name, &mut config.categorize.endpoint)
        },
        show: |config| config.categorize.endpoint.as_str().into(),
    },
    Key {
        name: "categorize.region",
        kind: Kind::Text("a region of AWS", "eu-central-1"),
        about: "Its region; when left out, the one of your AWS environment or profile.",
        take: |config, value| {
            let name = text(value).trim();
            let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            name.bytes().all(known) && take_text(name, &mut config.categorize.region)
        },
        show: |config| config.categorize.region.as_str().into(),
    },
];

fn take_text(text: &str, slot: &mut String) -> bool {
    text.trim().clone_into(slot);
    true
}
