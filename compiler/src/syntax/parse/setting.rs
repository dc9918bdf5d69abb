//! Reads the settings of a `train` block and of the command line.

use super::grammar::Rule;
use super::reader::{Reader, child, children};
use crate::syntax::{Argument, Setting, Value, ValueKind};
use pest::iterators::Pair;

/// The rules that read a value.
const VALUES: [Rule; 6] = [
    Rule::signed_number,
    Rule::text,
    Rule::value_call,
    Rule::word,
    Rule::list,
    Rule::tuple,
];

impl Reader<'_, '_> {
    /// Reads a `setting` or `assignment` pair.
    pub(super) fn setting(&mut self, pair: &Pair<Rule>) -> Option<Setting> {
        let mut inner = pair.clone().into_inner();
        let name = self.name(&inner.next()?);
        let value = inner.find(|part| VALUES.contains(&part.as_rule()))?;
        Some(Setting {
            name,
            value: self.value(&value)?,
        })
    }

    fn value(&mut self, pair: &Pair<Rule>) -> Option<Value> {
        let rule = pair.as_rule();
        let kind = if rule == Rule::signed_number {
            ValueKind::Number(self.number(pair)?)
        } else if rule == Rule::text {
            ValueKind::Text(self.text(pair).text)
        } else if rule == Rule::word {
            ValueKind::Word(pair.as_str().to_owned())
        } else if rule == Rule::value_call {
            ValueKind::Call {
                name: self.name(&child(pair, Rule::word)?),
                arguments: self.settings(pair)?,
            }
        } else if rule == Rule::list {
            ValueKind::List(self.settings(pair)?)
        } else {
            ValueKind::Tuple(
                pair.clone()
                    .into_inner()
                    .filter(|part| VALUES.contains(&part.as_rule()))
                    .map(|part| self.value(&part))
                    .collect::<Option<_>>()?,
            )
        };
        Some(Value {
            kind,
            span: self.span(pair),
        })
    }

    fn settings(&mut self, pair: &Pair<Rule>) -> Option<Vec<Argument>> {
        children(pair, Rule::argument)
            .map(|argument| {
                let name = match child(&argument, Rule::argument_name) {
                    Some(name) => Some(self.name(&child(&name, Rule::word)?)),
                    None => None,
                };
                let mut inner = argument.into_inner();
                let value = inner.find(|part| VALUES.contains(&part.as_rule()))?;
                Some(Argument {
                    name,
                    value: self.value(&value)?,
                })
            })
            .collect()
    }
}
