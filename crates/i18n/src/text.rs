//! All texts of one language, ready to be filled.

use std::fmt;
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentResource, FluentValue};
use jiff::civil::{Date, DateTime};

use crate::{Args, Language, number};

macro_rules! files {
    ($folder:literal) => {
        [
            include_str!(concat!("../texts/", $folder, "/issues.ftl")),
            include_str!(concat!("../texts/", $folder, "/faults.ftl")),
            include_str!(concat!("../texts/", $folder, "/reasons.ftl")),
            include_str!(concat!("../texts/", $folder, "/states.ftl")),
            include_str!(concat!("../texts/", $folder, "/errors.ftl")),
            include_str!(concat!("../texts/", $folder, "/mail.ftl")),
            include_str!(concat!("../texts/", $folder, "/cli.ftl")),
            include_str!(concat!("../texts/", $folder, "/receipt.ftl")),
        ]
    };
}

fn sources(language: Language) -> [&'static str; 8] {
    match language {
        Language::English => files!("en"),
        Language::BrazilianPortuguese => files!("pt-BR"),
        Language::Spanish => files!("es"),
    }
}

/// The texts of one language. Cheap to clone, and shared between threads.
#[derive(Clone)]
pub struct Text {
    language: Language,
    bundle: Arc<FluentBundle<FluentResource>>,
}

impl Text {
    pub fn new(language: Language) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![language.identifier()]);
        // Terminals and mail programs show the invisible marks that Fluent puts around arguments.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(match language {
            Language::English => |value, _| written(Language::English, value),
            Language::BrazilianPortuguese => {
                |value, _| written(Language::BrazilianPortuguese, value)
            }
            Language::Spanish => |value, _| written(Language::Spanish, value),
        }));
        // The texts are part of this crate and a test reads them all: neither of the three fails.
        let _ = bundle.add_builtins();
        for source in sources(language) {
            let resource = match FluentResource::try_new(source.to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            let _ = bundle.add_resource(resource);
        }
        Self {
            language,
            bundle: Arc::new(bundle),
        }
    }

    pub fn language(&self) -> Language {
        self.language
    }

    /// Whether there is a text of that name.
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    /// The text, filled. The key itself where there is no such text: the reader can quote it.
    pub fn say(&self, key: &str, args: &Args) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|found| found.value()) else {
            return key.to_owned();
        };
        let mut faults = Vec::new();
        let text = self
            .bundle
            .format_pattern(pattern, Some(args.as_fluent()), &mut faults);
        text.into_owned()
    }

    /// A whole number with its separators.
    pub fn count(&self, count: u64) -> String {
        number::localise(self.language, &count.to_string(), true)
    }

    /// A day, such as 20 Nov 2026 or 20/11/2026.
    pub fn date(&self, date: Date) -> String {
        let short_month = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ];
        match self.language {
            // Day and month in digits mean one thing in London and another in New York.
            Language::English => {
                let month = usize::try_from(date.month() - 1).unwrap_or_default();
                format!("{} {} {}", date.day(), short_month[month], date.year())
            }
            Language::BrazilianPortuguese | Language::Spanish => {
                format!("{:02}/{:02}/{}", date.day(), date.month(), date.year())
            }
        }
    }

    /// A day and the time on it, to the second.
    pub fn date_time(&self, at: DateTime) -> String {
        let (hour, minute, second) = (at.hour(), at.minute(), at.second());
        format!(
            "{}, {hour:02}:{minute:02}:{second:02}",
            self.date(at.date())
        )
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Text")
            .field("language", &self.language)
            .finish_non_exhaustive()
    }
}

fn written(language: Language, value: &FluentValue<'_>) -> Option<String> {
    let FluentValue::Number(number) = value else {
        return None;
    };
    Some(number::format(language, number))
}
