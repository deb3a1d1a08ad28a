//! What a text is filled with.

use fluent_bundle::{FluentArgs, FluentValue};

/// Named values. Numbers choose plurals and are written in the reader's language; everything else
/// stands as it is given.
#[derive(Debug, Default)]
pub struct Args(FluentArgs<'static>);

/// A number or a piece of text.
#[derive(Clone, Debug)]
pub struct Value(FluentValue<'static>);

impl Args {
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.0.set(name, value.into().0);
        self
    }

    pub(crate) fn as_fluent(&self) -> &FluentArgs<'static> {
        &self.0
    }
}

macro_rules! numbers {
    ($($number:ty),+) => {
        $(impl From<$number> for Value {
            fn from(number: $number) -> Self {
                Self(FluentValue::from(number))
            }
        })+
    };
}

numbers!(u8, u16, u32, u64, usize, i32, i64, f64);

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self(FluentValue::from(text.to_owned()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self(FluentValue::from(text))
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

/// `args! { "count" => 3, "field" => title }`, or `args! {}` where a text takes none.
#[macro_export]
macro_rules! args {
    ($($name:literal => $value:expr),* $(,)?) => {
        $crate::Args::new()$(.with($name, $value))*
    };
}
