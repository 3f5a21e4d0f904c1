//! What `/setup` switches off again: a channel is read no further, a provider is paused. Decides what is offered; positions
//! that are open stay guarded as before.

use ordercast_model::{
    chat::Choice,
    community::{Channel, Community, Provider, ProviderStatus},
    journal::kind::Kind,
    ports::store::{Batch, Query, find},
    tenant::TenantScope,
};
use serde_json::json;

use super::{Known, Reception, Trouble, setup::journal};

/// Choices in one menu at most.
const OFF_MAX: usize = 25;
/// What a choice to switch off begins with.
const CHANNEL: &str = "channel ";
const PROVIDER: &str = "provider ";

/// What can be switched off: channels that are read, then providers that are acted on. At most 25 are shown; once some
/// are off the others follow.
pub(super) fn running(channels: &[Channel], providers: &[Provider]) -> Vec<Choice> {
    let channels = channels.iter().filter(|c| c.enabled).map(|c| Choice {
        label: format!("Stop reading #{}", c.name),
        value: format!("{CHANNEL}{}", c.id),
    });
    let active = providers.iter().filter(|p| p.status == ProviderStatus::Active);
    let providers = active.map(|p| Choice {
        label: format!("Pause {}", p.name),
        value: format!("{PROVIDER}{}", p.id),
    });
    channels.chain(providers).take(OFF_MAX).collect()
}

impl Reception {
    /// Switches one thing off that the wizard offered. Safe to repeat: what is off, or gone, stays so.
    pub(super) async fn switch_off(
        &self,
        known: &Known,
        community: &Community,
        value: &str,
    ) -> Result<(), Trouble> {
        let scope = TenantScope::of_community(community);
        let store = self.ctx.store.as_ref();
        if let Some(id) = value.strip_prefix(CHANNEL) {
            let channels = find::<Channel>(store, &scope, Query::Channels).await?;
            let Some(mut channel) = channels.into_iter().find(|c| c.enabled && c.id.to_string() == id) else {
                return Ok(());
            };
            channel.enabled = false;
            channel.version += 1;
            let after = json!({ "channel_id": channel.id, "source": channel.source_key, "enabled": false });
            let mut batch = Batch::new();
            batch.note(journal(
                &self.ctx,
                known,
                Kind::ConfigChanged,
                community.id,
                after,
            ));
            batch.update(channel);
            self.ctx.commit(scope, batch).await?;
        } else if let Some(id) = value.strip_prefix(PROVIDER) {
            let providers = find::<Provider>(store, &scope, Query::Providers).await?;
            let provider = providers
                .into_iter()
                .find(|p| p.status == ProviderStatus::Active && p.id.to_string() == id);
            if let Some(provider) = provider {
                self.turn(known, provider, ProviderStatus::Paused).await?;
            }
        }
        Ok(())
    }

    /// Pauses a provider, or lets it go on.
    pub(super) async fn turn(
        &self,
        known: &Known,
        mut provider: Provider,
        to: ProviderStatus,
    ) -> Result<(), Trouble> {
        let told = |p: &Provider| json!({ "provider_id": p.id, "name": p.name, "status": p.status });
        let before = told(&provider);
        let community = provider.community_id;
        provider.status = to;
        provider.version += 1;
        let mut entry = journal(
            &self.ctx,
            known,
            Kind::ProviderChanged,
            community,
            told(&provider),
        );
        entry.before = Some(before);
        let scope = TenantScope::of_community(&provider);
        let mut batch = Batch::new();
        batch.note(entry);
        batch.update(provider);
        self.ctx.commit(scope, batch).await?;
        Ok(())
    }
}
