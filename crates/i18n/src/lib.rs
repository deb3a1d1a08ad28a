//! The texts that Rust writes, in English, Brazilian Portuguese and Spanish.
//!
//! Texts are Fluent files under `texts/`, keyed by the same codes that travel between desktop and
//! pipeline, and built into the program. Numbers and dates are written as the reader's language
//! writes them. Nothing here knows what a code means: the caller names the key and brings the
//! arguments.
//!
//! ```
//! use i18n::{Language, Text, args};
//!
//! let text = Text::new(Language::negotiate("pt_BR.UTF-8"));
//! let line = text.say("issue-email-no-at-group", &args! { "count" => 1312, "field" => "E-mail" });
//! assert_eq!(line, "1.312 e-mails sem @");
//! ```

mod args;
mod language;
mod number;
mod text;

pub use args::{Args, Value};
pub use language::{Language, UnknownLanguage};
pub use text::Text;
