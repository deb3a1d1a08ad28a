//! Issues in words: what is wrong, what was expected, in the reader's language.

use check::Cause;
use i18n::{Args, Text, args};
use model::{Field, Issue, IssueCode, Place, RowNo, Schema};

/// The field or header that an issue is about, its cell's text, and its row.
pub struct Subject<'a> {
    pub field: Option<&'a Field>,
    pub value: &'a str,
    pub row_no: Option<RowNo>,
}

impl<'a> Subject<'a> {
    pub fn of(issue: &Issue, schema: &'a Schema, value: &'a str) -> Self {
        let field = match issue.place {
            Place::Cell { field, .. } | Place::Field { field } => {
                schema.fields.get(usize::from(field))
            }
            Place::Row { .. } | Place::Column { .. } => None,
        };
        Self {
            field,
            value,
            row_no: issue.place.row_no(),
        }
    }
}

/// One line for one issue.
pub fn sentence(text: &Text, schema: &Schema, issue: &Issue, value: &str) -> String {
    let subject = Subject::of(issue, schema, value);
    let args = all_args(text, schema, issue, &subject, 1);
    text.say(&format!("issue-{}", issue.code), &args)
}

/// One line for many issues of one cause.
pub fn group(text: &Text, schema: &Schema, cause: Cause, count: u64) -> String {
    let issue = Issue {
        place: match cause.field {
            Some(field) => Place::Field { field },
            None => Place::Row { row_no: RowNo(0) },
        },
        code: cause.code,
        fix: None,
        other_row: None,
    };
    let subject = Subject::of(&issue, schema, "");
    let args = all_args(text, schema, &issue, &subject, count);
    text.say(&format!("issue-{}-group", cause.code), &args)
}

/// What should have stood there.
pub fn expected(text: &Text, schema: &Schema, issue: &Issue, value: &str) -> String {
    let subject = Subject::of(issue, schema, value);
    let args = all_args(text, schema, issue, &subject, 1);
    text.say(&format!("expected-{}", issue.code), &args)
}

fn all_args(
    text: &Text,
    schema: &Schema,
    issue: &Issue,
    subject: &Subject<'_>,
    count: u64,
) -> Args {
    let language = text.language().tag();
    let title = |field: &Field| field.title_in(language).to_owned();
    let field = subject.field;
    let other = field.and_then(|field| {
        let name = match issue.code {
            IssueCode::DateOrder => field.not_before.as_ref(),
            IssueCode::NotInTable => field.refers_to.as_ref(),
            _ => None,
        };
        schema.field(name?)
    });
    let format = field.and_then(|field| field.muster_format);
    let format = format.and_then(|format| serde_json::to_value(format).ok());
    args! {
        "field" => field.map(title).unwrap_or_default(),
        "value" => shown(subject.value),
        "fix" => shown(issue.fix.as_deref().unwrap_or_default()),
        "other_row" => issue.other_row.map(|row| row.to_string()).unwrap_or_default(),
        "other_field" => other.map(title).unwrap_or_default(),
        "limit" => field.and_then(|field| limit(field, issue.code)).unwrap_or_default(),
        "values" => field
            .and_then(|field| field.constraints.one_of.as_ref())
            .map(|values| values.join(", "))
            .unwrap_or_default(),
        "format" => format.as_ref().and_then(|word| word.as_str()).unwrap_or_default(),
        "country" => field.and_then(|field| field.country.clone()).unwrap_or_default(),
        "count" => count,
    }
}

/// As much of a cell as a line can show.
pub fn shown(value: &str) -> String {
    const MOST: usize = 100;
    match value.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

/// The bound of the schema that the code is about.
fn limit(field: &Field, code: IssueCode) -> Option<String> {
    let rules = &field.constraints;
    match code {
        IssueCode::TooLong => {
            let most = rules.max_length.map(u64::from);
            Some(
                most.unwrap_or(table::limits::MAX_CELL_CHARS as u64)
                    .to_string(),
            )
        }
        IssueCode::TooShort => rules.min_length.map(|least| least.to_string()),
        IssueCode::BelowMinimum => rules.minimum.clone(),
        IssueCode::AboveMaximum => rules.maximum.clone(),
        _ => None,
    }
}
