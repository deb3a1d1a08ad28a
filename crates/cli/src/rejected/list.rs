//! `muster rejected list`: every refused row of the company, whichever desk sent it.

use clap::Args;
use i18n::args;
use jiff::tz::TimeZone;
use model::Schema;

use super::Filter;
use crate::failure::Failure;
use crate::output::Output;
use crate::session::Session;

/// List refused rows, grouped by cause, newest first
#[derive(Args)]
pub struct List {
    #[command(flatten)]
    filter: Filter,
    /// Print them as JSON, with their cells
    #[arg(long)]
    json: bool,
}

impl List {
    pub async fn run(self, session: &Session) -> Result<(), Failure> {
        let wanted = self.filter.resolve(session)?;
        let working = wanted.start(session).await?;
        let found = wanted.all(&working).await;
        working.close().await;
        let found = found?;
        let out = &session.out;
        if self.json {
            return out.json(&found);
        }
        out.result(&out.say("cli-refused-total", &args! { "count" => found.total }))?;
        let schema = wanted
            .entry
            .and_then(|entry| entry.origin)
            .map_or_else(Schema::employee, |origin| origin.schema);
        for group in &found.groups {
            let field = title(out, &schema, group.field.as_deref());
            let key = format!("reason-{}-group", group.code.as_str());
            let args = args! { "count" => group.rows, "field" => field };
            let code = group.code.as_str();
            out.result(&format!("  {} [{code}]", out.say(&key, &args)))?;
        }
        for row in &found.rows {
            let (row_no, batch) = (row.row_no.to_string(), row.batch_id.to_string());
            let place = out.say(
                "cli-refused-row",
                &args! { "row_no" => row_no, "batch" => batch },
            );
            let field = title(out, &schema, row.reason.field.as_deref());
            let key = format!("reason-{}", row.reason.code.as_str());
            let why = out.say(&key, &args! { "field" => field, "count" => 1 });
            let value = row.reason.field.as_ref();
            let value = value.and_then(|name| row.record.get(name));
            let value = value.map(|value| format!(" ({value})")).unwrap_or_default();
            let mut line = format!("{place}: {why}{value}");
            if let Some(lease) = &row.lease {
                let until = lease.until.to_zoned(TimeZone::system()).datetime();
                let until = out.text.date_time(until);
                let args = args! { "by" => &lease.by, "until" => until };
                line = format!("{line}; {}", out.say("cli-open-at", &args));
            }
            out.result(&line)?;
        }
        Ok(())
    }
}

/// The field's name for people.
pub fn title(out: &Output, schema: &Schema, field: Option<&str>) -> String {
    let Some(name) = field else {
        return String::new();
    };
    let language = out.text.language().tag();
    let title = schema.field(name).map(|field| field.title_in(language));
    title.unwrap_or(name).to_owned()
}
