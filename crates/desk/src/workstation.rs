//! This desk as the pipeline knows it: opened at the start, and again whenever its credentials
//! end.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::{Connection, Credentials, Renew, RenewFault, Renewed};
use wire::{OpenWorkstation, Workstation};

use crate::context::{Context, Report};
use crate::error::DeskResult;

/// Opens or renews the workstation, and notes who the pipeline takes this desk for.
pub(crate) async fn open(context: &Context) -> DeskResult<Workstation> {
    let request = OpenWorkstation {
        workstation_id: context.workstation_id,
        desk_name: context.desk_name.clone(),
    };
    let workstation = context.gateway.open_workstation(&request).await?;
    let (company, user) = (workstation.company.to_string(), workstation.user.clone());
    context.set_user(&user);
    let connection = context.connection().to_owned();
    let (c, u) = (company.clone(), user.clone());
    context
        .ledger
        .off_thread(move |ledger| ledger.set_identity(&connection, &c, &u))
        .await?;
    context.report(Report::Connected { company, user });
    Ok(workstation)
}

/// Opens the workstation where this run has not done so: the pipeline deals with desks it knows.
pub(crate) async fn ensure(context: &Context) -> DeskResult<()> {
    if !context.is_known() {
        open(context).await?;
    }
    Ok(())
}

/// How to reach the workstation's queues: with credentials that are renewed when they end.
pub(crate) fn queues(context: &Context, workstation: &Workstation) -> Connection {
    Connection {
        endpoint: workstation.sqs_endpoint.clone(),
        region: workstation.region.clone(),
        credentials: Credentials::Renewed(Arc::new(Renewing {
            context: context.clone(),
            first: tokio::sync::Mutex::new(Some(workstation.clone())),
        })),
    }
}

struct Renewing {
    context: Context,
    /// What the workstation was opened with serves the first time.
    first: tokio::sync::Mutex<Option<Workstation>>,
}

#[async_trait]
impl Renew for Renewing {
    async fn renew(&self) -> Result<Renewed, RenewFault> {
        let first = self.first.lock().await.take();
        let workstation = match first {
            Some(workstation) => workstation,
            None => open(&self.context)
                .await
                .map_err(|error| RenewFault(error.code().to_owned()))?,
        };
        let left = workstation
            .credentials
            .expires_at
            .duration_since(workstation.now);
        Ok(Renewed {
            valid_for: Duration::try_from(left).unwrap_or(Duration::ZERO),
            credentials: workstation.credentials,
        })
    }
}
