//! A chat that keeps what it is told, knows roles as scripted, and can be away.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use ordercast_model::{
    chat::{Card, Posted},
    ports::{
        BoxFuture,
        chat::{Chat, ChatError},
    },
};

#[derive(Debug, Default)]
struct Inside {
    letters: Vec<(String, Card)>,
    keys: BTreeSet<String>,
    roles: BTreeMap<(String, String), Vec<String>>,
    away: bool,
}

/// Delivers everything, unless told otherwise.
#[derive(Debug, Default)]
pub struct FakeChat(Mutex<Inside>);

impl FakeChat {
    /// A chat in which nothing was said.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Whether nobody is reached.
    pub fn set_away(&self, away: bool) {
        self.inside().away = away;
    }
    /// What somebody's roles in a server are.
    pub fn set_roles(&self, guild: &str, person: &str, roles: &[&str]) {
        let roles = roles.iter().map(|r| (*r).to_owned()).collect();
        self.inside()
            .roles
            .insert((guild.to_owned(), person.to_owned()), roles);
    }
    /// What was sent, in order: to whom (or which channel), and the card as it is now.
    #[must_use]
    pub fn letters(&self) -> Vec<(String, Card)> {
        self.inside().letters.clone()
    }
    fn send(&self, to: &str, key: &str, card: &Card) -> Result<Posted, ChatError> {
        let mut inside = self.inside();
        if inside.away {
            return Err(ChatError::Away("scripted".to_owned()));
        }
        if inside.keys.insert(format!("{to} {key}")) {
            inside.letters.push((to.to_owned(), card.clone()));
        }
        Ok(Posted {
            channel: to.to_owned(),
            message: (inside.letters.len() - 1).to_string(),
        })
    }
}

impl Chat for FakeChat {
    fn tell<'a>(
        &'a self,
        person: &'a str,
        key: &'a str,
        card: &'a Card,
    ) -> BoxFuture<'a, Result<Posted, ChatError>> {
        Box::pin(std::future::ready(self.send(person, key, card)))
    }
    fn post<'a>(
        &'a self,
        channel: &'a str,
        key: &'a str,
        card: &'a Card,
    ) -> BoxFuture<'a, Result<Posted, ChatError>> {
        Box::pin(std::future::ready(self.send(channel, key, card)))
    }
    fn change<'a>(&'a self, posted: &'a Posted, card: &'a Card) -> BoxFuture<'a, Result<(), ChatError>> {
        let mut inside = self.inside();
        let at = posted.message.parse::<usize>().ok();
        let answer = match at.and_then(|at| inside.letters.get_mut(at)) {
            Some(letter) => {
                letter.1 = card.clone();
                Ok(())
            }
            None => Err(ChatError::Refused("no such message".to_owned())),
        };
        Box::pin(std::future::ready(answer))
    }
    fn roles<'a>(
        &'a self,
        guild: &'a str,
        person: &'a str,
    ) -> BoxFuture<'a, Result<Option<Vec<String>>, ChatError>> {
        let inside = self.inside();
        let answer = if inside.away {
            Err(ChatError::Away("scripted".to_owned()))
        } else {
            Ok(inside.roles.get(&(guild.to_owned(), person.to_owned())).cloned())
        };
        Box::pin(std::future::ready(answer))
    }
}
