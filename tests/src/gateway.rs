//! The gateway as any client sees it.

use model::{BatchId, RowNo, Tally};
use reqwest::{Client, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wire::demo::RegistryControls;
use wire::{BatchList, BatchView, RejectedPage, RowHistory, RowsPage, SearchRejected};

use crate::{Endpoint, until};

pub struct Gateway {
    client: Client,
    base: String,
    token: String,
}

impl Gateway {
    pub fn new(endpoint: &Endpoint) -> Self {
        Self {
            client: Client::builder().no_proxy().build().expect("a client"),
            base: endpoint.gateway.clone(),
            token: endpoint.token.clone(),
        }
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> T {
        let request = self.client.get(format!("{}{path}", self.base));
        read(
            request
                .bearer_auth(&self.token)
                .send()
                .await
                .expect("an answer"),
        )
        .await
    }

    pub async fn post(&self, path: &str, body: &impl Serialize) -> Response {
        let request = self.client.post(format!("{}{path}", self.base));
        request
            .bearer_auth(&self.token)
            .json(body)
            .send()
            .await
            .expect("an answer")
    }

    pub async fn controls(&self, change: impl FnOnce(&mut RegistryControls)) {
        let mut controls: RegistryControls = self.get("/v1/demo/registry").await;
        change(&mut controls);
        let request = self.client.put(format!("{}/v1/demo/registry", self.base));
        let answer = request
            .bearer_auth(&self.token)
            .json(&controls)
            .send()
            .await;
        assert!(answer.is_ok_and(|answer| answer.status().is_success()));
    }

    pub async fn is_well(&self) -> bool {
        let request = self.client.get(format!("{}/health", self.base));
        let answer = request.bearer_auth(&self.token).send().await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }

    pub async fn batches(&self) -> BatchList {
        self.get("/v1/batches").await
    }

    pub async fn only_batch(&self) -> BatchId {
        let list = self.batches().await;
        assert_eq!(list.batches.len(), 1, "one sending is one batch");
        list.batches[0].batch_id
    }

    pub async fn batch(&self, id: BatchId) -> BatchView {
        self.get(&format!("/v1/batches/{id}")).await
    }

    pub async fn history(&self, id: BatchId, row_no: RowNo) -> RowHistory {
        self.get(&format!("/v1/batches/{id}/rows/{row_no}")).await
    }

    pub async fn rows(&self, id: BatchId, since: u64) -> RowsPage {
        self.get(&format!("/v1/batches/{id}/rows?since={since}"))
            .await
    }

    pub async fn rejected(&self, search: &SearchRejected) -> RejectedPage {
        read(self.post("/v1/rejected/search", search).await).await
    }

    /// The tally, once it is what it should be.
    pub async fn tally_when(
        &self,
        id: BatchId,
        what: &str,
        right: impl Fn(&Tally) -> bool,
    ) -> Tally {
        until(what, async || {
            let tally = self.batch(id).await.tally;
            right(&tally).then_some(tally)
        })
        .await
    }
}

async fn read<T: DeserializeOwned>(response: Response) -> T {
    let status = response.status();
    let body = response.text().await.expect("a body");
    assert!(status.is_success(), "{status}: {body}");
    serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}"))
}
