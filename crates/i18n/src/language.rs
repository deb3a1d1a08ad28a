//! The languages that Muster speaks, and how a reader's wish becomes one of them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unic_langid::{LanguageIdentifier, langid};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    #[default]
    #[serde(rename = "en")]
    English,
    #[serde(rename = "pt-BR")]
    BrazilianPortuguese,
    #[serde(rename = "es")]
    Spanish,
}

/// The tag is none of `en`, `pt-BR` and `es`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a language that Muster speaks: {0}")]
pub struct UnknownLanguage(pub String);

impl Language {
    pub const ALL: [Self; 3] = [Self::English, Self::BrazilianPortuguese, Self::Spanish];

    /// BCP 47.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::BrazilianPortuguese => "pt-BR",
            Self::Spanish => "es",
        }
    }

    /// The nearest language to what a system, a browser or a row asks for: a POSIX locale
    /// (`pt_BR.UTF-8`), a BCP 47 tag (`es-MX`), or a list of either by preference. English where
    /// none is known, as for `C`.
    pub fn negotiate(wish: &str) -> Self {
        wish.split([',', ':'])
            .find_map(Self::nearest)
            .unwrap_or_default()
    }

    /// Like [`Language::negotiate`], and `None` where no language is known.
    pub fn nearest(wish: &str) -> Option<Self> {
        let base = wish.trim().split(['-', '_', '.', '@', ';']).next()?;
        Self::ALL.into_iter().find(|language| {
            let ours = language.tag().split('-').next().unwrap_or_default();
            ours.eq_ignore_ascii_case(base)
        })
    }

    pub(crate) fn identifier(self) -> LanguageIdentifier {
        match self {
            Self::English => langid!("en"),
            Self::BrazilianPortuguese => langid!("pt-BR"),
            Self::Spanish => langid!("es"),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(tag: &str) -> Result<Self, Self::Err> {
        Self::nearest(tag).ok_or_else(|| UnknownLanguage(tag.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::Language::{self, BrazilianPortuguese, English, Spanish};

    #[test]
    fn a_wish_becomes_the_nearest_language() {
        for (wish, expected) in [
            ("pt_BR.UTF-8", BrazilianPortuguese),
            ("pt-BR", BrazilianPortuguese),
            ("PT", BrazilianPortuguese),
            ("pt_PT@euro", BrazilianPortuguese),
            ("es-MX", Spanish),
            ("es_ES.ISO-8859-1", Spanish),
            ("en_GB:en", English),
            ("de:es", Spanish),
            ("fr-CA, pt;q=0.8, en;q=0.5", BrazilianPortuguese),
            ("C", English),
            ("C.UTF-8", English),
            ("POSIX", English),
            ("", English),
            ("est", English),
        ] {
            assert_eq!(Language::negotiate(wish), expected, "{wish:?}");
        }
    }

    #[test]
    fn a_tag_comes_back_as_its_language() {
        for language in Language::ALL {
            assert_eq!(language.tag().parse(), Ok(language));
        }
        assert!("tlh".parse::<Language>().is_err());
    }
}
