use jiff::Timestamp;

/// The time of day, as a port so that tests can hold it.
pub trait Clock: Send + Sync + 'static {
    fn now(&self) -> Timestamp;
}
