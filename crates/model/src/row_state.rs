//! Where one row is. A row is in exactly one of these at every moment.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowState {
    /// On the desktop, not sent.
    Draft,
    /// Uploaded; the pipeline has not spoken of it yet.
    Sent,
    /// In the row store, waiting in a lane.
    Queued,
    /// Being registered.
    Registering,
    /// The registry has the person.
    Registered,
    /// The welcome e-mail is out.
    Notified,
    /// Refused, with a reason: somebody must correct it.
    Rejected,
    /// Withdrawn before it was registered.
    Cancelled,
    /// Refused, and given up with a reason.
    Discarded,
    /// Left out by the user before sending.
    Excluded,
    /// A call timed out; looked up by its key before anything else.
    Unknown,
}

impl RowState {
    pub const ALL: [Self; 11] = [
        Self::Draft,
        Self::Sent,
        Self::Queued,
        Self::Registering,
        Self::Registered,
        Self::Notified,
        Self::Rejected,
        Self::Cancelled,
        Self::Discarded,
        Self::Excluded,
        Self::Unknown,
    ];

    /// The word used in files, messages and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Sent => "sent",
            Self::Queued => "queued",
            Self::Registering => "registering",
            Self::Registered => "registered",
            Self::Notified => "notified",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
            Self::Discarded => "discarded",
            Self::Excluded => "excluded",
            Self::Unknown => "unknown",
        }
    }

    /// A batch with such a row has no closed receipt. E-mails are not waited for.
    pub fn is_open(self) -> bool {
        matches!(
            self,
            Self::Draft | Self::Sent | Self::Queued | Self::Registering | Self::Unknown
        )
    }

    /// Whether the row store lets a row go from this state to `next` within one generation.
    ///
    /// A transition to the same state is not a transition: a repeated message changes nothing.
    pub fn may_become(self, next: Self) -> bool {
        use RowState as S;
        match self {
            S::Draft => matches!(next, S::Sent | S::Excluded),
            S::Sent => matches!(next, S::Queued | S::Rejected | S::Cancelled),
            S::Queued => matches!(
                next,
                S::Registering | S::Registered | S::Rejected | S::Cancelled | S::Unknown
            ),
            // Back to the queue when a fault outlasted its receives and triage sends it again.
            S::Registering => matches!(
                next,
                S::Queued | S::Registered | S::Rejected | S::Cancelled | S::Unknown
            ),
            S::Unknown => matches!(
                next,
                S::Queued | S::Registering | S::Registered | S::Rejected | S::Cancelled
            ),
            S::Registered => matches!(next, S::Notified | S::Cancelled),
            S::Notified => matches!(next, S::Cancelled),
            // A correction starts a new generation; within this one there is only giving up.
            S::Rejected => matches!(next, S::Discarded),
            S::Cancelled | S::Discarded | S::Excluded => false,
        }
    }
}

impl fmt::Display for RowState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is none of the eleven words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a row state: {0}")]
pub struct NotARowState(String);

impl FromStr for RowState {
    type Err = NotARowState;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| NotARowState(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::RowState;

    #[test]
    fn every_state_is_read_back_from_its_word() {
        for state in RowState::ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
            let json = serde_json::to_value(state).ok();
            assert_eq!(
                json,
                Some(state.as_str().into()),
                "serde says the same word"
            );
        }
    }

    #[test]
    fn no_state_becomes_itself() {
        for state in RowState::ALL {
            assert!(!state.may_become(state), "{state}");
        }
    }

    #[test]
    fn a_closed_row_never_opens_again_within_its_generation() {
        for from in RowState::ALL.into_iter().filter(|s| !s.is_open()) {
            for to in RowState::ALL.into_iter().filter(|s| s.is_open()) {
                assert!(!from.may_become(to), "{from} → {to}");
            }
        }
    }
}
