//! The rules of one field: what a cell's text must be, and what would mend it.
//!
//! Most cells are right, so each is first asked whether it passes, without allocating; only the
//! others are looked at closely. A cell has at most one finding of its own: the one that explains
//! the others. A fix is final: it has no finding of its own that is an error, and is not fixed
//! again.

pub mod boolean;
pub mod date;
pub mod document;
pub mod email;
pub mod list;
pub mod name;
pub mod number;
pub mod phone;
pub mod spaces;

use jiff::civil::Date;
use model::{Field, FieldType, IssueCode, MusterFormat, Severity};
use regex::Regex;
use table::limits::MAX_CELL_CHARS;

use self::date::{DateOrder, Ymd};
use self::list::List;
use self::number::DecimalMark;
use self::phone::Plans;
use self::spaces::Dirt;
use crate::plan::{Options, PlanError};

/// A fix may need fixing (a repaired address has capitals); no chain is longer.
const FIXES_IN_A_ROW: usize = 4;

/// What is wrong with one cell, and what it should be where that can be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub code: IssueCode,
    pub fix: Option<String>,
}

impl Finding {
    pub fn new(code: IssueCode) -> Self {
        Self { code, fix: None }
    }

    pub fn with_fix(code: IssueCode, fix: String) -> Self {
        Self {
            code,
            fix: Some(fix),
        }
    }

    fn is_error(&self) -> bool {
        self.code.severity() == Severity::Error
    }
}

/// How the writer of a column writes, as far as the column as a whole tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Habit {
    pub order: Option<DateOrder>,
    pub mark: Option<DecimalMark>,
}

/// What the cells of a column say about it, each for itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    dmy: bool,
    mdy: bool,
    comma: bool,
    dot: bool,
}

impl Evidence {
    pub fn and(self, other: Self) -> Self {
        Self {
            dmy: self.dmy || other.dmy,
            mdy: self.mdy || other.mdy,
            comma: self.comma || other.comma,
            dot: self.dot || other.dot,
        }
    }

    /// Where cells contradict each other, or none speaks, the column says nothing and `asked` is
    /// what somebody answered.
    pub fn habit(self, asked: Option<DateOrder>) -> Habit {
        Habit {
            order: match (self.dmy, self.mdy) {
                (true, false) => Some(DateOrder::Dmy),
                (false, true) => Some(DateOrder::Mdy),
                _ => asked,
            },
            mark: match (self.comma, self.dot) {
                (true, false) => Some(DecimalMark::Comma),
                (false, true) => Some(DecimalMark::Dot),
                _ => None,
            },
        }
    }
}

enum Kind {
    Text { name: bool },
    Email,
    Document(MusterFormat),
    Phone(Plans),
    Date { from: Option<Ymd>, to: Option<Ymd> },
    Number { from: Option<f64>, to: Option<f64> },
    Integer { from: Option<f64>, to: Option<f64> },
    Boolean,
}

pub struct Rules {
    kind: Kind,
    required: bool,
    /// The fewest and the most characters.
    lengths: (usize, usize),
    list: Option<List>,
    pattern: Option<Regex>,
    /// What the schema's own format says of a date column.
    order: Option<DateOrder>,
    today: Date,
}

impl Rules {
    pub fn new(field: &Field, options: &Options) -> Result<Self, PlanError> {
        let constraints = &field.constraints;
        let pattern = match &constraints.pattern {
            Some(pattern) => Some(Regex::new(&format!(r"\A(?:{pattern})\z")).map_err(|error| {
                PlanError::Pattern {
                    field: field.name.clone(),
                    detail: error.to_string(),
                }
            })?),
            None => None,
        };
        let length = |bound: Option<u32>| bound.and_then(|n| usize::try_from(n).ok());
        let longest = length(constraints.max_length).unwrap_or(MAX_CELL_CHARS);
        let lengths = (length(constraints.min_length).unwrap_or(0), longest);
        Ok(Self {
            kind: Kind::of(field)?,
            required: constraints.required,
            lengths,
            list: List::new(field),
            pattern,
            order: options.date_order.or_else(|| order_of(field)),
            today: options.today,
        })
    }

    /// What is wrong with the cell by itself.
    pub fn check(&self, value: &str, habit: Habit) -> Option<Finding> {
        if self.passes(value, habit) {
            return None;
        }
        let (cleaned, dirt) = spaces::clean(value);
        if cleaned.is_empty() {
            return if self.required {
                Some(Finding::new(IssueCode::RequiredMissing))
            } else {
                dirt.map(|dirt| Finding::with_fix(code_of(dirt), String::new()))
            };
        }
        let own = self
            .own(&cleaned, habit)
            .and_then(|f| self.settled(f, habit));
        match (own, dirt) {
            (own, None) => own,
            (Some(own), Some(_)) if own.is_error() => Some(own),
            (own, Some(dirt)) => {
                let fix = own.and_then(|own| own.fix);
                let fix = fix.unwrap_or_else(|| cleaned.into_owned());
                Some(Finding::with_fix(code_of(dirt), fix))
            }
        }
    }

    /// Nothing is wrong, seen without a second look. `false` may still mean that nothing is.
    pub fn passes(&self, value: &str, habit: Habit) -> bool {
        if value.is_empty() {
            return !self.required;
        }
        let kind = match &self.kind {
            Kind::Text { .. } if self.list.is_some() => true,
            Kind::Text { name } => {
                let looks = || {
                    spaces::is_garbled(value)
                        || spaces::is_formula_error(value)
                        || (*name && name::check(value).is_some())
                };
                spaces::is_clean(value) && !looks()
            }
            Kind::Email => email::is_plain(value),
            Kind::Document(format) => document::is_valid(*format, value),
            Kind::Phone(plans) => plans.is_valid(value),
            Kind::Date { from, to } => {
                date::parse_iso(value).is_some_and(|date| outside(&date, from, to).is_none())
            }
            Kind::Number { from, to } => {
                number::is_canonical(value)
                    && (habit.mark != Some(DecimalMark::Comma) || !number::is_grouped(value))
                    && number::value_of(value).is_some_and(|n| outside(&n, from, to).is_none())
            }
            Kind::Integer { from, to } => {
                number::is_canonical_integer(value)
                    && number::value_of(value).is_some_and(|n| outside(&n, from, to).is_none())
            }
            Kind::Boolean => boolean::is_valid(value),
        };
        kind && self.list.as_ref().is_none_or(|list| list.has(value))
            && self.length(value).is_none()
            && self.pattern.as_ref().is_none_or(|p| p.is_match(value))
    }

    /// Whether some cells of the field can only be judged once the whole column is known. Of such
    /// a field the cells that do not pass by themselves wait.
    pub fn waits(&self) -> bool {
        matches!(self.kind, Kind::Date { .. } | Kind::Number { .. })
    }

    /// As [`Self::passes`], whatever the column turns out to say.
    pub fn passes_by_itself(&self, value: &str) -> bool {
        let strict = Habit {
            order: None,
            mark: Some(DecimalMark::Comma),
        };
        self.passes(value, strict)
    }

    pub fn evidence(&self, value: &str) -> Evidence {
        let mut evidence = Evidence::default();
        let (value, _) = spaces::clean(value);
        match &self.kind {
            Kind::Date { .. } => match date::read(&value, self.today) {
                date::Reading::Decided(DateOrder::Dmy, _) => evidence.dmy = true,
                date::Reading::Decided(DateOrder::Mdy, _) => evidence.mdy = true,
                _ => {}
            },
            Kind::Number { .. } => match number::read(&value) {
                number::Reading::Decided(DecimalMark::Comma, _) => evidence.comma = true,
                number::Reading::Decided(DecimalMark::Dot, _) => evidence.dot = true,
                _ => {}
            },
            _ => {}
        }
        evidence
    }

    pub fn habit(&self, evidence: Evidence) -> Habit {
        evidence.habit(self.order)
    }

    /// Whether the cell has an error of its own.
    pub fn is_error(&self, value: &str, habit: Habit) -> bool {
        self.check(value, habit)
            .is_some_and(|finding| finding.is_error())
    }

    /// `value` is clean and not empty.
    fn own(&self, value: &str, habit: Habit) -> Option<Finding> {
        if spaces::is_garbled(value) {
            return Some(Finding::new(IssueCode::BadEncoding));
        }
        if spaces::is_formula_error(value) {
            return Some(Finding::new(IssueCode::FormulaError));
        }
        let kind = self.kind_of(value, habit);
        if kind.as_ref().is_some_and(Finding::is_error) {
            return kind;
        }
        let other = || {
            if let Some(list) = &self.list {
                return list.check(value);
            }
            if let Some(code) = self.length(value) {
                return Some(Finding::new(code));
            }
            let matches = self.pattern.as_ref().is_none_or(|p| p.is_match(value));
            (!matches).then(|| Finding::new(IssueCode::PatternMismatch))
        };
        other().or(kind)
    }

    fn kind_of(&self, value: &str, habit: Habit) -> Option<Finding> {
        match &self.kind {
            Kind::Text { name } => name.then(|| name::check(value)).flatten(),
            Kind::Email => email::check(value),
            Kind::Document(format) => document::check(*format, value),
            Kind::Phone(plans) => plans.check(value),
            Kind::Date { from, to } => {
                let fixed = |date: Ymd| Finding::with_fix(IssueCode::DateFormat, date.iso());
                Some(match date::read(value, self.today) {
                    date::Reading::Iso(date) => return outside(&date, from, to).map(Finding::new),
                    date::Reading::Plain(date) | date::Reading::Decided(_, date) => fixed(date),
                    date::Reading::Either(dmy, mdy) => match habit.order {
                        Some(DateOrder::Dmy) => fixed(dmy),
                        Some(DateOrder::Mdy) => fixed(mdy),
                        None => Finding::new(IssueCode::DateAmbiguous),
                    },
                    date::Reading::Not => Finding::new(IssueCode::NotADate),
                })
            }
            Kind::Number { from, to } => {
                let fix = match number::read(value) {
                    number::Reading::Grouped(number) if habit.mark == Some(DecimalMark::Comma) => {
                        Some(number)
                    }
                    number::Reading::Canonical | number::Reading::Grouped(_) => {
                        let number = number::value_of(value)?;
                        return outside(&number, from, to).map(Finding::new);
                    }
                    number::Reading::Plain(number) | number::Reading::Decided(_, number) => {
                        Some(number)
                    }
                    number::Reading::Either { comma, dot } => match habit.mark {
                        Some(DecimalMark::Comma) => comma,
                        Some(DecimalMark::Dot) => dot,
                        None => None,
                    },
                    number::Reading::Not => return Some(Finding::new(IssueCode::NotANumber)),
                };
                Some(Finding {
                    code: IssueCode::NumberFormat,
                    fix,
                })
            }
            Kind::Integer { from, to } => match number::read_integer(value) {
                number::Reading::Canonical => {
                    outside(&number::value_of(value)?, from, to).map(Finding::new)
                }
                number::Reading::Plain(number) => {
                    Some(Finding::with_fix(IssueCode::NumberFormat, number))
                }
                _ => Some(Finding::new(IssueCode::NotANumber)),
            },
            Kind::Boolean => boolean::check(value),
        }
    }

    fn length(&self, value: &str) -> Option<IssueCode> {
        let (shortest, longest) = self.lengths;
        if value.len() >= shortest * 4 && value.len() <= longest {
            return None;
        }
        let length = value.chars().count();
        if length < shortest {
            Some(IssueCode::TooShort)
        } else {
            (length > longest).then_some(IssueCode::TooLong)
        }
    }

    /// Follows the fix to its end. One that would leave an error behind is no fix: then that error
    /// is what somebody has to know.
    fn settled(&self, mut finding: Finding, habit: Habit) -> Option<Finding> {
        let Some(mut fix) = finding.fix.take() else {
            return Some(finding);
        };
        for _ in 0..FIXES_IN_A_ROW {
            match self.own(&fix, habit) {
                None => {
                    finding.fix = Some(fix);
                    return Some(finding);
                }
                Some(Finding {
                    fix: Some(next), ..
                }) => fix = next,
                Some(left) if finding.is_error() => return Some(left),
                Some(_) => return None,
            }
        }
        Some(finding)
    }
}

impl Kind {
    fn of(field: &Field) -> Result<Self, PlanError> {
        let bound = |bound: &Option<String>| bound.clone();
        let (minimum, maximum) = (
            bound(&field.constraints.minimum),
            bound(&field.constraints.maximum),
        );
        let bad_bound = || PlanError::Bound {
            field: field.name.clone(),
        };
        let dates = |text: &Option<String>| match text {
            Some(text) => date::parse_iso(text).map(Some).ok_or_else(bad_bound),
            None => Ok(None),
        };
        let numbers = |text: &Option<String>| match text {
            Some(text) => text.parse().map(Some).map_err(|_| bad_bound()),
            None => Ok(None),
        };
        Ok(match (field.muster_format, field.field_type) {
            (Some(MusterFormat::Phone), _) => {
                let plans = Plans::new(field.country.as_deref());
                Self::Phone(plans.ok_or_else(|| PlanError::Country {
                    field: field.name.clone(),
                })?)
            }
            (Some(document), _) => Self::Document(document),
            (None, FieldType::Date) => Self::Date {
                from: dates(&minimum)?,
                to: dates(&maximum)?,
            },
            (None, FieldType::Number) => Self::Number {
                from: numbers(&minimum)?,
                to: numbers(&maximum)?,
            },
            (None, FieldType::Integer) => Self::Integer {
                from: numbers(&minimum)?,
                to: numbers(&maximum)?,
            },
            (None, FieldType::Boolean) => Self::Boolean,
            (None, FieldType::String) if field.is_email() => Self::Email,
            (None, FieldType::String | FieldType::Any) => Self::Text {
                name: name::is_name_field(field),
            },
        })
    }
}

/// The standard's date pattern, where it puts day or month first.
fn order_of(field: &Field) -> Option<DateOrder> {
    let format = field.format.as_deref()?;
    let (day, month) = (format.find("%d")?, format.find("%m")?);
    Some(if day < month {
        DateOrder::Dmy
    } else {
        DateOrder::Mdy
    })
}

fn outside<T: PartialOrd>(value: &T, from: &Option<T>, to: &Option<T>) -> Option<IssueCode> {
    if from.as_ref().is_some_and(|from| value < from) {
        return Some(IssueCode::BelowMinimum);
    }
    to.as_ref()
        .is_some_and(|to| value > to)
        .then_some(IssueCode::AboveMaximum)
}

fn code_of(dirt: Dirt) -> IssueCode {
    match dirt {
        Dirt::Spaces => IssueCode::ExtraSpaces,
        Dirt::Control => IssueCode::ControlCharacter,
    }
}

#[cfg(test)]
mod tests;
