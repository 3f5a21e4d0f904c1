//! Turns given texts into values, keeps every fault instead of the first, and remembers what is in force and why.

use super::{
    fault::Fault,
    setting::{Setting, Shown},
    source::{Given, Origin, Sources},
};

/// What is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective {
    /// The setting.
    pub setting: &'static Setting,
    /// Its value as it may be shown; empty when there is none.
    pub value: String,
    /// Where it came from.
    pub origin: Origin,
}

/// Reads settings one after the other.
pub(super) struct Reader<'a> {
    sources: &'a Sources,
    pub(super) faults: Vec<Fault>,
    pub(super) effective: Vec<Effective>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(sources: &'a Sources) -> Self {
        Self {
            sources,
            faults: sources.faults.clone(),
            effective: Vec::new(),
        }
    }

    /// The value of a setting that has a default. A value that does not read is a fault, and the default stands in so
    /// that the rest can be looked at.
    pub(super) fn value<T>(
        &mut self,
        setting: &'static Setting,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        if let Some(given) = self.given(setting) {
            match parse(given.text.expose().trim()) {
                Ok(value) => {
                    self.note(setting, given.text.expose().trim(), given.origin);
                    return Some(value);
                }
                Err(why) => self.refuse(setting, &given, &why),
            }
        }
        self.note(setting, setting.default, Origin::Default);
        if setting.default.is_empty() {
            None
        } else {
            parse(setting.default).ok()
        }
    }

    /// Puts something else in force than the table's default, when nothing was given.
    pub(super) fn derive(&mut self, setting: &'static Setting, value: &str) {
        for effective in &mut self.effective {
            if effective.setting == setting && effective.origin == Origin::Default {
                effective.value = setting.show(value);
            }
        }
    }

    /// Whether anybody gave the setting.
    pub(super) fn is_given(&self, setting: &Setting) -> bool {
        self.effective
            .iter()
            .any(|e| e.setting == setting && e.origin != Origin::Default)
    }

    /// Where the value in force came from.
    pub(super) fn origin(&self, setting: &Setting) -> Option<Origin> {
        let effective = self.effective.iter().find(|e| e.setting == setting);
        effective.map(|effective| effective.origin.clone())
    }

    /// Keeps a fault about a value that reads but cannot be.
    pub(super) fn fault(&mut self, setting: &'static Setting, message: String) {
        let origin = self
            .effective
            .iter()
            .find(|e| e.setting == setting)
            .map(|e| e.origin.clone());
        let origin = origin.filter(|origin| *origin != Origin::Default);
        self.faults.push(Fault {
            name: setting.name.to_owned(),
            message,
            origin,
        });
    }

    fn given(&mut self, setting: &'static Setting) -> Option<Given> {
        match self.sources.value(setting) {
            Ok(given) => given,
            Err(fault) => {
                self.faults.push(fault);
                None
            }
        }
    }

    fn note(&mut self, setting: &'static Setting, value: &str, origin: Origin) {
        self.effective.push(Effective {
            setting,
            value: setting.show(value),
            origin,
        });
    }

    fn refuse(&mut self, setting: &'static Setting, given: &Given, why: &str) {
        let text = given.text.expose().trim();
        let got = match setting.shown {
            Shown::Never => format!("*** ({} characters)", text.chars().count()),
            Shown::Plain | Shown::WithoutPassword => {
                let shown: String = setting.show(text).chars().take(80).collect();
                format!("{shown:?}")
            }
        };
        let why = if why.is_empty() {
            String::new()
        } else {
            format!(": {why}")
        };
        self.faults.push(Fault {
            name: setting.name.to_owned(),
            message: format!("expected {}, got {got}{why}", setting.expected),
            origin: Some(given.origin.clone()),
        });
    }
}
