//! The only place that writes to the terminal. Results go to stdout, everything else to stderr.

use std::io::{self, IsTerminal, Write};

use i18n::{Args, Text, args};
use serde::Serialize;

use crate::failure::Failure;

#[derive(Clone)]
pub struct Output {
    pub text: Text,
    /// Somebody looks on: bars and questions make sense.
    pub live: bool,
}

impl Output {
    pub fn new(text: Text) -> Self {
        Self {
            text,
            live: io::stderr().is_terminal(),
        }
    }

    pub fn say(&self, key: &str, args: &Args) -> String {
        self.text.say(key, args)
    }

    /// A line of the result.
    pub fn result(&self, line: &str) -> Result<(), Failure> {
        written(writeln!(io::stdout(), "{line}"))
    }

    /// The result, for programs.
    pub fn json<T: Serialize>(&self, value: &T) -> Result<(), Failure> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        let done = serde_json::to_writer_pretty(&mut out, value)
            .map_err(io::Error::from)
            .and_then(|()| writeln!(out))
            .and_then(|()| out.flush());
        written(done)
    }

    /// Something that is not part of the result.
    pub fn note(&self, line: &str) {
        // Nobody is left to tell where this fails too.
        let _ = writeln!(io::stderr(), "{line}");
    }

    /// The same by its key.
    pub fn tell(&self, key: &str, args: &Args) {
        self.note(&self.say(key, args));
    }

    pub fn failed(&self, failure: &Failure) {
        let told = failure.told(&self.text);
        let error = self.say("cli-error", &args! {});
        self.note(&format!("{error}[{}]: {}", told.code, told.message));
        if !told.hint.is_empty() {
            self.tell("cli-hint", &args! { "hint" => told.hint });
        }
        if let Some(reference) = told.reference {
            self.note(&reference);
        }
    }

    /// Asks a yes-or-no question of the person in front. Without one, the answer is what running
    /// the command already said: yes.
    pub fn confirmed(&self, question: &str) -> bool {
        if !self.live || !io::stdin().is_terminal() {
            return true;
        }
        let _ = write!(io::stderr(), "{question} ");
        let _ = io::stderr().flush();
        let mut answer = String::new();
        if io::stdin().read_line(&mut answer).is_err() {
            return false;
        }
        let answer = answer.trim().to_lowercase();
        let yes = self.say("cli-yes-letters", &args! {});
        answer.starts_with('y') || answer.starts_with(&yes)
    }
}

/// A reader that has seen enough (`| head`) is no failure.
fn written(outcome: io::Result<()>) -> Result<(), Failure> {
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::WriteFile {
            name: "stdout".into(),
            error,
        }),
        Ok(()) => Ok(()),
    }
}
