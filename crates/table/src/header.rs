//! Which row holds the headers, and how many columns the table has.

use model::{FileFault, IssueCode};

use crate::error::ReadError;
use crate::limits::{MAX_COLUMNS, SAMPLE_ROWS};
use crate::table::Flaw;

/// The first rows of a file or sheet: where each begins, and its cells.
pub(crate) type Rows = Vec<(u32, Vec<String>)>;

/// Rows above the headers that are looked through for them.
pub(crate) const TITLE_ROWS: usize = 20;
/// As many rows as a header and its sample need.
pub(crate) const HEAD_ROWS: usize = TITLE_ROWS + 1 + SAMPLE_ROWS;

/// The headers and where they are. Rows that begin behind `line` are data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub line: u32,
    pub names: Vec<String>,
}

/// Picks the headers from the first rows, or the first ones from the line that is wanted; and leaves the data rows among them.
pub(crate) fn pick(rows: Rows, wanted: Option<u32>) -> Result<(Header, Rows), ReadError> {
    if rows.is_empty() && wanted.is_none() {
        return Err(FileFault::Empty.into());
    }
    let at = match wanted {
        Some(line) => rows.iter().position(|(at, _)| *at >= line),
        None => Some(below_titles(&rows)),
    };
    let mut rows = rows.into_iter().skip(at.unwrap_or(usize::MAX));
    let Some((line, mut names)) = rows.next() else {
        return Err(FileFault::NoRows.into());
    };
    let data: Rows = rows.collect();
    // Columns without a name and without values: a delimiter at the end of every line. One row
    // that has a value there is a row that is too long.
    let used = |cells: &[String]| {
        let last = cells.iter().rposition(|cell| !cell.trim().is_empty());
        last.map_or(0, |last| last + 1)
    };
    let named = used(&names);
    let mut filled = data
        .iter()
        .map(|(_, cells)| used(cells))
        .collect::<Vec<_>>();
    filled.sort_unstable_by(|a, b| b.cmp(a));
    let filled = filled.get(1).map_or(0, |second| *second).min(names.len());
    names.truncate(named.max(filled));
    if names.len() > MAX_COLUMNS {
        return Err(ReadError::with(
            FileFault::TooManyColumns,
            names.len().to_string(),
        ));
    }
    Ok((Header { line, names }, data))
}

/// The first row that is not a title: a title fills one cell where the rows below fill three or
/// more. Anything less clear is taken as the headers, and the user can say otherwise.
fn below_titles(rows: &Rows) -> usize {
    let filled = |cells: &Vec<String>| cells.iter().filter(|cell| !cell.trim().is_empty()).count();
    let counts = rows
        .iter()
        .map(|(_, cells)| filled(cells))
        .collect::<Vec<_>>();
    let titles = counts.iter().take_while(|count| **count <= 1).count();
    let below = &counts[titles..];
    let is_table = below.len() >= 2 && below.iter().take(10).all(|count| *count >= 3);
    if is_table && titles <= TITLE_ROWS {
        titles
    } else {
        0
    }
}

/// Columns with the same name: the second and later ones.
pub(crate) fn twice(names: &[String]) -> impl Iterator<Item = Flaw> {
    let again = |column: &usize| {
        let name = names[*column].trim();
        !name.is_empty() && names[..*column].iter().any(|other| other.trim() == name)
    };
    (0..names.len()).filter(again).map(|column| Flaw {
        row_no: None,
        column: u16::try_from(column).ok(),
        code: IssueCode::HeaderTwice,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Rows {
        let cells = |line: &str| line.split(',').map(str::to_owned).collect();
        (1..).zip(text.lines().map(cells)).collect()
    }

    #[test]
    fn titles_are_passed_over_and_nothing_else_is() {
        let line = |text: &str| pick(rows(text), None).unwrap().0.line;
        assert_eq!(line("id,name,mail\n1,Ana,a@b\n2,Bia,b@b"), 1);
        assert_eq!(line("Staff 2026,,\nid,name,mail\n1,Ana,a@b"), 2);
        assert_eq!(line("Staff 2026\n(draft)\nid,name,mail\n1,Ana,a@b"), 3);
        assert_eq!(line("id,name\n1,Ana\n2,Bia"), 1);
        assert_eq!(line("name\nAna\nBia"), 1);
        assert_eq!(line("id\n1,Ana,a@b"), 1);
        assert_eq!(pick(rows("a,b\n1,2\nc,d\n3,4"), Some(3)).unwrap().0.line, 3);
    }

    #[test]
    fn columns_at_the_end_that_hold_nothing_are_dropped() {
        let names = |text: &str| pick(rows(text), None).unwrap().0.names;
        assert_eq!(names("id,name,\n1,Ana,\n2,Bia,"), ["id", "name"]);
        assert_eq!(names("id,name,\n1,Ana,x\n2,Bia,x"), ["id", "name", ""]);
        assert_eq!(names("id,name,\n1,Ana,\n2,Bia,x"), ["id", "name"]);
        assert_eq!(names("id,,name\n1,,Ana"), ["id", "", "name"]);
    }

    #[test]
    fn no_rows_no_table() {
        let fault = |rows, line| pick(rows, line).unwrap_err().fault();
        assert_eq!(fault(rows(""), None), Some(FileFault::Empty));
        assert_eq!(fault(rows("a,b"), Some(5)), Some(FileFault::NoRows));
        let wide = vec![(1, vec!["x".to_owned(); MAX_COLUMNS + 1])];
        assert_eq!(fault(wide, None), Some(FileFault::TooManyColumns));
    }
}
