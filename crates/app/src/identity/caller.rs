//! Where a request came from, as the journal keeps it: address and agent sealed under the user's key.

use ordercast_model::{ids::UserId, journal::entry::Provenance, ports::vault::VaultError};

use crate::context::Context;

/// Longest agent text that is kept.
const AGENT_MAX: usize = 200;

/// Where a request came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller {
    /// Id of the request.
    pub request_id: String,
    /// Network address.
    pub address: Option<String>,
    /// User agent as sent.
    pub agent: Option<String>,
}

impl Caller {
    /// The family of the agent, for the list of devices: `Firefox on Linux`.
    #[must_use]
    pub fn family(&self) -> String {
        let Some(agent) = self.agent.as_deref() else {
            return "unknown".to_owned();
        };
        let first = |names: &[(&str, &'static str)]| {
            names
                .iter()
                .find(|(mark, _)| agent.contains(mark))
                .map(|(_, name)| *name)
        };
        let browser = first(&[
            ("Edg/", "Edge"),
            ("OPR/", "Opera"),
            ("Firefox/", "Firefox"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari"),
            ("curl/", "curl"),
        ]);
        let system = first(&[
            ("Android", "Android"),
            ("iPhone", "iOS"),
            ("iPad", "iOS"),
            ("Windows", "Windows"),
            ("Mac OS X", "macOS"),
            ("Linux", "Linux"),
        ]);
        match (browser, system) {
            (Some(browser), Some(system)) => format!("{browser} on {system}"),
            (Some(one), None) | (None, Some(one)) => one.to_owned(),
            (None, None) => "other".to_owned(),
        }
    }

    /// For the journal, sealed for a user. Safe to repeat.
    ///
    /// # Errors
    /// When the vault has no key; then nothing may be written.
    pub async fn sealed(&self, ctx: &Context, user: UserId) -> Result<Provenance, VaultError> {
        let seal = async |field: &'static str, value: Option<&str>| match value {
            Some(value) => {
                let cut: String = value.chars().take(AGENT_MAX).collect();
                ctx.vault.seal_personal(user, field, &cut).await.map(Some)
            }
            None => Ok(None),
        };
        Ok(Provenance {
            request_id: Some(self.request_id.clone()),
            address: seal("address", self.address.as_deref()).await?,
            agent: seal("agent", self.agent.as_deref()).await?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_read_from_agents() {
        for (agent, family) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox on Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
                "Edge on Windows",
            ),
            ("curl/8.5.0", "curl"),
            ("", "other"),
        ] {
            let caller = Caller {
                agent: Some(agent.to_owned()),
                ..Caller::default()
            };
            assert_eq!(caller.family(), family, "{agent}");
        }
    }
}
