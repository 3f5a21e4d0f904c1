//! Which steps a developer asked for. Steps that a chosen one builds upon come along.

use super::step::Step;

/// The choice as typed.
#[derive(Debug, Default, PartialEq)]
pub struct Options {
    only: Vec<String>,
    skip: Vec<String>,
}

impl Options {
    /// Reads `--only a,b --skip=c`; an unknown step or option is an error that names it.
    pub fn read(arguments: &[String], names: &[&str]) -> Result<Self, String> {
        let mut options = Self::default();
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            let (flag, inline) = match word.split_once('=') {
                Some((flag, value)) => (flag, Some(value.to_owned())),
                None => (word.as_str(), None),
            };
            let list = match flag {
                "--only" => &mut options.only,
                "--skip" => &mut options.skip,
                _ => {
                    return Err(format!(
                        "`{word}` is not an option of `cargo xtask test`; --only STEP and --skip STEP are"
                    ));
                }
            };
            let value = inline
                .or_else(|| words.next().cloned())
                .ok_or(format!("{flag} wants the name of a step"))?;
            for name in value.split(',') {
                if !names.contains(&name) {
                    return Err(format!("{flag}: there is no step `{name}`"));
                }
                list.push(name.to_owned());
            }
        }
        Ok(options)
    }

    /// The steps to run, in their order.
    pub fn choose<'a>(&self, steps: &'a [Step]) -> Vec<&'a Step> {
        let mut wanted = self.only.clone();
        let mut position = 0;
        while let Some(name) = wanted.get(position).cloned() {
            let needs = steps
                .iter()
                .filter(|step| step.name == name)
                .flat_map(|step| step.needs);
            wanted.extend(needs.map(|need| (*need).to_owned()));
            position += 1;
        }
        steps
            .iter()
            .filter(|step| self.only.is_empty() || wanted.iter().any(|name| name == step.name))
            .filter(|step| !self.skip.iter().any(|name| name == step.name))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::step::STEPS;
    use super::*;

    fn check(line: &str, expected: Result<&[&str], &str>) {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        let chosen = Options::read(&words, &names).map(|options| {
            options
                .choose(STEPS)
                .iter()
                .map(|step| step.name)
                .collect::<Vec<_>>()
        });
        match (chosen, expected) {
            (Ok(chosen), Ok(expected)) => assert_eq!(chosen, expected, "{line}"),
            (Err(fault), Err(part)) => assert!(fault.contains(part), "{line}: {fault}"),
            (chosen, expected) => panic!("{line}: {chosen:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn steps_are_chosen_by_name_with_what_they_need() {
        check("--only rules", Ok(&["rules"]));
        check("--only=format --only lint", Ok(&["format", "lint"]));
        check("--only suites", Ok(&["services", "suites"]));
        check("--only suites --skip services", Ok(&["suites"]));
        check("--only journal", Ok(&["binary", "demo", "journal"]));
        check("--only lunch", Err("no step `lunch`"));
        check("--only", Err("wants the name"));
        check("--fast", Err("`--fast` is not an option"));
    }

    #[test]
    fn every_step_comes_after_what_it_needs() {
        for (position, step) in STEPS.iter().enumerate() {
            for need in step.needs {
                assert!(
                    STEPS[..position].iter().any(|earlier| earlier.name == *need),
                    "{} needs {need}",
                    step.name
                );
            }
        }
    }
}
