//! From what the grammar found in one declaration to [`DeclarationKind`].
//!
//! A method gives none where a pair lacks what its rule promises, which only a change of the grammar could bring
//! about.

use super::grammar::Rule;
use super::reader::{Reader, child, children};
use crate::syntax::keyword::Opener;
use crate::syntax::{DeclarationKind, Equation, ExpressionId, Name, Region};
use pest::iterators::Pair;

impl Reader<'_, '_> {
    /// The declaration that a pair holds.
    pub(super) fn kind(&mut self, opener: Opener, pair: &Pair<Rule>) -> Option<DeclarationKind> {
        Some(match opener {
            Opener::Title => DeclarationKind::Title(self.text(&child(pair, Rule::text)?)),
            Opener::Coordinates => DeclarationKind::Coordinates {
                names: children(pair, Rule::coordinate)
                    .map(|coordinate| self.coordinate(&coordinate))
                    .collect::<Option<_>>()?,
                interval: self.optional(pair, Rule::interval, Self::interval)?,
            },
            Opener::Time => DeclarationKind::Time {
                name: self.identifier(pair)?,
                unit: self.optional(pair, Rule::unit, Self::unit)?,
                interval: self.optional(pair, Rule::interval, Self::interval)?,
            },
            Opener::Field => DeclarationKind::Field {
                name: self.identifier(pair)?,
                arguments: self.arguments(pair)?,
                codomain: self.optional(pair, Rule::codomain, Self::codomain)?,
                unit: self.optional(pair, Rule::unit, Self::unit)?,
            },
            Opener::Parameter => DeclarationKind::Parameter {
                name: self.identifier(pair)?,
                unit: self.optional(pair, Rule::unit, Self::unit)?,
                value: self.parameter(pair)?,
            },
            Opener::Unknown => DeclarationKind::Unknown {
                name: self.identifier(pair)?,
                arguments: self.arguments(pair),
                unit: self.optional(pair, Rule::unit, Self::unit)?,
                bounds: self.optional(pair, Rule::bounds, Self::bounds)?,
                start: self.optional(pair, Rule::start, Self::formula)?,
            },
            Opener::Definition => DeclarationKind::Definition {
                name: self.identifier(pair)?,
                arguments: self.arguments(pair),
                value: self.formula(pair)?,
            },
            Opener::Domain => DeclarationKind::Domain {
                name: self.identifier(pair)?,
                value: self.formula(pair)?,
            },
            Opener::Boundary => DeclarationKind::Boundary {
                name: self.identifier(pair)?,
                region: match child(pair, Rule::rest_word) {
                    Some(rest) => Region::Rest(self.span(&rest)),
                    None => Region::Part(self.formula(pair)?),
                },
                restriction: self.optional(pair, Rule::restriction, Self::comparison)?,
            },
            Opener::Equation => DeclarationKind::Equation {
                label: self.optional(pair, Rule::label, Self::identifier_of)?,
                equation: self.equation(pair)?,
                region: self.optional(pair, Rule::region, Self::identifier_of)?,
            },
            Opener::Initial => DeclarationKind::Initial(self.equation(pair)?),
            Opener::At => DeclarationKind::At {
                place: self.side(&child(pair, Rule::side)?)?,
                equation: self.equation(pair)?,
            },
            Opener::Condition => DeclarationKind::Condition {
                places: children(pair, Rule::place)
                    .map(|place| self.place(&place))
                    .collect::<Option<_>>()?,
                equation: self.equation(pair)?,
            },
            Opener::Periodic => DeclarationKind::Periodic(self.names(pair, Rule::identifier)),
            Opener::Exact => DeclarationKind::Exact {
                target: self.target(pair)?,
                value: self.formula(pair)?,
            },
            Opener::Manufactured => DeclarationKind::Manufactured {
                target: self.target(pair)?,
                value: self.formula(pair)?,
            },
            Opener::Reference => DeclarationKind::Reference {
                target: self.target(pair)?,
                path: self.text(&child(pair, Rule::text)?),
                columns: self.names(&child(pair, Rule::columns)?, Rule::word),
            },
            Opener::Observe => DeclarationKind::Observe {
                target: self.target(pair)?,
                path: self.text(&child(pair, Rule::text)?),
                columns: self.names(&child(pair, Rule::columns)?, Rule::word),
                noise: self.optional(pair, Rule::noise, Self::formula)?,
            },
            Opener::Minimize => DeclarationKind::Minimize {
                label: self.optional(pair, Rule::label, Self::identifier_of)?,
                value: self.formula(pair)?,
            },
            Opener::Constraint => DeclarationKind::Constraint {
                label: self.optional(pair, Rule::label, Self::identifier_of)?,
                equation: self.equation(pair)?,
            },
            Opener::Train => DeclarationKind::Train(
                children(pair, Rule::setting)
                    .map(|setting| self.setting(&setting))
                    .collect::<Option<_>>()?,
            ),
        })
    }

    /// A child that may be missing.
    // The outer option is whether the pair could be read, the inner whether the text has it.
    #[allow(clippy::option_option)]
    fn optional<T>(
        &mut self,
        pair: &Pair<Rule>,
        rule: Rule,
        read: impl FnOnce(&mut Self, &Pair<Rule>) -> Option<T>,
    ) -> Option<Option<T>> {
        match child(pair, rule) {
            Some(part) => Some(Some(read(self, &part)?)),
            None => Some(None),
        }
    }

    fn identifier_of(&mut self, pair: &Pair<Rule>) -> Option<Name> {
        self.identifier(pair)
    }

    fn arguments(&self, pair: &Pair<Rule>) -> Option<Vec<Name>> {
        let arguments = child(pair, Rule::arguments)?;
        Some(self.names(&arguments, Rule::identifier))
    }

    /// The first expression in a pair.
    pub(super) fn formula(&mut self, pair: &Pair<Rule>) -> Option<ExpressionId> {
        self.expression(&child(pair, Rule::expression)?)
    }

    fn equation(&mut self, pair: &Pair<Rule>) -> Option<Equation> {
        let equation = child(pair, Rule::equation)?;
        let mut sides = children(&equation, Rule::expression);
        let left = self.expression(&sides.next()?)?;
        let right = self.expression(&sides.next()?)?;
        // The pair may go on to the next word, comments included.
        let span = self.expressions[left].span.to(self.expressions[right].span);
        Some(Equation { left, right, span })
    }
}
