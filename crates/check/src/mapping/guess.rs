//! The mapping that a person would make: by what headers say and by what values look like.

use model::{Field, Schema};

use super::values::Sample;
use super::words::Phrase;
use super::{Confidence, Mapping, Match};

/// At and above: sure, likely, unsure. Below, nothing is matched.
const SURE: f32 = 0.9;
const LIKELY: f32 = 0.65;
const UNSURE: f32 = 0.45;

/// Each column goes to one field at the most: the best pairs first, the leftmost column among
/// equals. `sample` holds the first rows.
pub fn guess(schema: &Schema, headers: &[String], sample: &[Vec<String>]) -> Mapping {
    let columns: Vec<_> = headers
        .iter()
        .enumerate()
        .map(|(at, header)| (Phrase::new(header), Sample::new(sample, at)))
        .collect();
    let mut pairs = Vec::new();
    for (at, field) in schema.fields.iter().enumerate() {
        let phrases = phrases_of(field);
        for (column, (header, values)) in columns.iter().enumerate() {
            let mut score = score(field, &phrases, header, values);
            score += by_time(schema, field, column, &columns);
            if score >= UNSURE {
                pairs.push((score.min(1.0), column, at));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut fields = vec![Match::default(); schema.fields.len()];
    let mut taken = vec![false; headers.len()];
    for (score, column, field) in pairs {
        if !taken[column] && fields[field].column.is_none() {
            taken[column] = true;
            fields[field] = Match {
                column: Some(column),
                confidence: confidence(score),
                score,
            };
        }
    }
    Mapping { fields }
}

fn confidence(score: f32) -> Confidence {
    match score {
        s if s >= SURE => Confidence::Sure,
        s if s >= LIKELY => Confidence::Likely,
        s if s >= UNSURE => Confidence::Unsure,
        _ => Confidence::Missing,
    }
}

fn phrases_of(field: &Field) -> Vec<Phrase> {
    let own = std::iter::once(&field.name).chain(&field.title);
    let phrases = own.chain(field.titles.values()).chain(&field.synonyms);
    phrases.map(|phrase| Phrase::new(phrase)).collect()
}

fn score(field: &Field, phrases: &[Phrase], header: &Phrase, values: &Sample<'_>) -> f32 {
    let likeness = phrases.iter().map(|phrase| phrase.likeness(header));
    let said = likeness.fold(0.0, f32::max);
    let Some(fit) = values.fit(field) else {
        return said;
    };
    if fit.share < 0.1 && field.is_email() && !header.has("email") {
        // "Gestor" over a column of names.
        return said * 0.3;
    }
    if fit.share < 0.2 {
        return said * 0.7;
    }
    if fit.share < 0.6 {
        return said * 0.9;
    }
    let seen = fit.telling * fit.share;
    let refers = field.refers_to.is_some();
    // One address in many rows is somebody's manager.
    let seen = match (refers, values.distinct() < 0.9) {
        (true, true) => seen + 0.02,
        (true, false) | (false, true) if field.is_email() => seen - 0.1,
        _ => seen,
    };
    if says_otherwise(header, said) {
        return said.max(seen - 0.2);
    }
    if said >= 0.5 {
        (said + 0.15).min(1.0)
    } else {
        said.max(seen)
    }
}

/// The header speaks of something else that has such values too.
fn says_otherwise(header: &Phrase, said: f32) -> bool {
    let others = [
        "kin",
        "emergency",
        "leave",
        "rg",
        "manager",
        "birth",
        "hire",
        "status",
        "cost",
        "personal",
        "second",
        "address",
    ];
    said < 0.8 && others.iter().any(|idea| header.has(idea))
}

/// Of two date fields of which one must not be before the other, the later column is the later
/// field's: a little, so that it only decides where headers do not.
fn by_time(schema: &Schema, field: &Field, column: usize, columns: &[(Phrase, Sample<'_>)]) -> f32 {
    let later = field.not_before.is_some();
    let earlier = schema
        .fields
        .iter()
        .any(|other| other.not_before.as_ref() == Some(&field.name));
    let Some(own) = (later || earlier)
        .then(|| columns[column].1.middle_date())
        .flatten()
    else {
        return 0.0;
    };
    let others = columns.iter().enumerate().filter(|(at, _)| *at != column);
    let dates: Vec<_> = others
        .filter_map(|(_, (_, values))| values.middle_date())
        .collect();
    let fits = (later && dates.iter().any(|date| *date < own))
        || (earlier && dates.iter().any(|date| *date > own));
    if fits { 0.02 } else { 0.0 }
}
