//! What all batch actions share: the entries are checked as a whole, and then each has an outcome
//! of its own.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::address::is_word;
use super::fault::Fault;

/// Entries that one request may have.
const MOST: usize = 10;

/// Refuses the whole batch when its ids do not fit.
pub(super) fn check<'e>(ids: impl ExactSizeIterator<Item = &'e str>) -> Result<(), Fault> {
    match ids.len() {
        0 => return Err(Fault::empty_batch_request()),
        count if count > MOST => return Err(Fault::too_many_entries(count)),
        _ => {}
    }
    let mut seen = HashSet::new();
    for id in ids {
        if !(1..=80).contains(&id.len()) || !id.bytes().all(is_word) {
            return Err(Fault::invalid_batch_entry_id());
        }
        if !seen.insert(id) {
            return Err(Fault::batch_entry_ids_not_distinct(id));
        }
    }
    Ok(())
}

/// What became of each entry.
#[derive(Default)]
pub(super) struct Outcomes {
    successful: Vec<Value>,
    failed: Vec<Value>,
}

impl Outcomes {
    pub fn succeeded(&mut self, entry: Value) {
        self.successful.push(entry);
    }

    pub fn failed(&mut self, id: &str, fault: &Fault) {
        self.failed.push(json!({
            "Id": id,
            "SenderFault": fault.is_senders(),
            "Code": fault.code,
            "Message": fault.message,
        }));
    }

    pub fn answer(self) -> Value {
        let mut answer = json!({ "Successful": self.successful });
        if !self.failed.is_empty() {
            answer["Failed"] = self.failed.into();
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_refused_as_a_whole() {
        let eleven = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"];
        let long = "x".repeat(81);
        for (ids, code) in [
            (&eleven[..10], None),
            (&eleven[..], Some("TooManyEntriesInBatchRequest")),
            (&[], Some("EmptyBatchRequest")),
            (&["a", "a"], Some("BatchEntryIdsNotDistinct")),
            (&["a b"], Some("InvalidBatchEntryId")),
            (&[""], Some("InvalidBatchEntryId")),
            (&[long.as_str()], Some("InvalidBatchEntryId")),
        ] {
            let code = code.map(|code| format!("AWS.SimpleQueueService.{code}"));
            assert_eq!(
                check(ids.iter().copied()).err().map(|fault| fault.code),
                code
            );
        }
    }
}
