//! Values out of a list, and other ways of writing them.

use std::collections::HashMap;

use model::{Field, IssueCode};

use super::Finding;
use crate::fold::fold;

pub struct List {
    values: Vec<String>,
    /// Folded values and aliases, each with the value it stands for; what would stand for two
    /// stands for none.
    folded: HashMap<String, Option<usize>>,
}

impl List {
    pub fn new(field: &Field) -> Option<Self> {
        let values = field.constraints.one_of.clone()?;
        let mut folded = HashMap::new();
        let mut learn = |text: &str, at: usize| {
            folded
                .entry(fold(text))
                .and_modify(|known| {
                    if *known != Some(at) {
                        *known = None;
                    }
                })
                .or_insert(Some(at));
        };
        for (at, value) in values.iter().enumerate() {
            learn(value, at);
            for alias in field.aliases.get(value).into_iter().flatten() {
                learn(alias, at);
            }
        }
        folded.remove("");
        Some(Self { values, folded })
    }

    pub fn has(&self, value: &str) -> bool {
        self.values.iter().any(|known| known == value)
    }

    /// `value` has no spaces around it.
    pub fn check(&self, value: &str) -> Option<Finding> {
        if self.has(value) {
            return None;
        }
        let folded = fold(value);
        let value_at = |at: usize| self.values[at].clone();
        Some(match self.folded.get(&folded) {
            Some(Some(at)) => Finding::with_fix(IssueCode::ListAlias, value_at(*at)),
            Some(None) => Finding::new(IssueCode::NotInList),
            None => Finding {
                code: IssueCode::NotInList,
                fix: self.meant(&folded).map(value_at),
            },
        })
    }

    /// The only value that one slip of the keyboard turns into this.
    fn meant(&self, folded: &str) -> Option<usize> {
        if folded.chars().count() < 4 {
            return None;
        }
        let mut meant = None;
        for (known, at) in &self.folded {
            let near = known.len() >= 4 && strsim::osa_distance(known, folded) == 1;
            if near {
                match (meant, *at) {
                    (_, None) => return None,
                    (None, at) => meant = at,
                    (Some(first), Some(at)) if first == at => {}
                    (Some(_), Some(_)) => return None,
                }
            }
        }
        meant
    }
}

#[cfg(test)]
mod tests {
    use model::Schema;

    use super::*;

    #[test]
    fn aliases_and_slips_lead_to_the_lists_value() {
        use IssueCode::{ListAlias, NotInList};
        let schema = Schema::employee();
        let list = List::new(schema.field("department").unwrap()).unwrap();
        for (value, expected) in [
            ("Engenharia", None),
            ("RH", None),
            ("engenharia", Some((ListAlias, Some("Engenharia")))),
            ("JURIDICO", Some((ListAlias, Some("Jurídico")))),
            ("Human-Resources", Some((ListAlias, Some("RH")))),
            ("Ventas", Some((ListAlias, Some("Vendas")))),
            ("operacoes", Some((ListAlias, Some("Operações")))),
            ("Engenhria", Some((NotInList, Some("Engenharia")))),
            ("Markteing", Some((NotInList, Some("Marketing")))),
            ("Suportee", Some((NotInList, Some("Suporte")))),
            ("Xyz", Some((NotInList, None))),
            ("HX", Some((NotInList, None))),
            ("Logística", Some((NotInList, None))),
            ("-", Some((NotInList, None))),
        ] {
            let found = list.check(value).map(|f| (f.code, f.fix));
            let expected = expected.map(|(code, fix)| (code, fix.map(str::to_owned)));
            assert_eq!(found, expected, "{value:?}");
        }
    }

    #[test]
    fn what_could_mean_two_values_is_not_mended() {
        let field = Schema::from_json(
            r#"{"fields":[{"name":"a","constraints":{"enum":["Norte","Forte","A-1","A 1"]}}]}"#,
        )
        .unwrap();
        let list = List::new(&field.fields[0]).unwrap();
        for value in ["Porte", "a1x", "a.1"] {
            let found = list.check(value).unwrap();
            assert_eq!(
                (found.code, found.fix),
                (IssueCode::NotInList, None),
                "{value}"
            );
        }
    }
}
