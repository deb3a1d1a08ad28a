//! Which columns must be known as a whole: those whose values are unique, are referred to, or
//! refer to others.

use hashbrown::DefaultHashBuilder;

use crate::index::{Index, KeyKind};
use crate::plan::Plan;

/// One column's values, and what is asked of them.
pub struct Link {
    pub field: usize,
    pub column: usize,
    pub unique: bool,
    /// The link whose values these should be among.
    pub refers_to: Option<usize>,
    /// Links whose values should be among these.
    pub referred_by: Vec<usize>,
    pub kind: KeyKind,
}

impl Link {
    fn new(plan: &Plan, field: usize, column: usize) -> Self {
        Self {
            field,
            column,
            unique: false,
            refers_to: None,
            referred_by: Vec::new(),
            kind: KeyKind::of(plan.field(field)),
        }
    }
}

/// The links of a plan. A field that both is unique and refers to another has two.
pub fn links_of(plan: &Plan) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    for (field, column) in plan.mapped() {
        if plan.field(field).constraints.unique {
            let unique = true;
            links.push(Link {
                unique,
                ..Link::new(plan, field, column)
            });
        }
    }
    for (field, column) in plan.mapped() {
        let target = plan.field(field).refers_to.as_deref();
        let target = target.and_then(|name| plan.schema().index_of(name));
        let Some((target, target_column)) = target
            .filter(|target| *target != field)
            .and_then(|target| Some((target, plan.column_of(target)?)))
        else {
            continue;
        };
        let is_target = |link: &Link| link.field == target && link.refers_to.is_none();
        let to = links.iter().position(is_target).unwrap_or_else(|| {
            links.push(Link::new(plan, target, target_column));
            links.len() - 1
        });
        let from = links.len();
        links[to].referred_by.push(from);
        links.push(Link {
            refers_to: Some(to),
            kind: links[to].kind,
            ..Link::new(plan, field, column)
        });
    }
    links
}

pub fn indexes_of(links: &[Link], seed: &DefaultHashBuilder) -> Vec<Index> {
    links
        .iter()
        .map(|link| Index::new(link.kind, seed.clone()))
        .collect()
}
