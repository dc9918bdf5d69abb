//! Reads the parts of declarations: coordinates, intervals, places, codomains, bounds.

use super::grammar::Rule;
use super::reader::{Reader, child, children};
use crate::syntax::{
    Bounds, Codomain, CoordinateName, Interval, ParameterKind, Place, Side, Target, Text,
};
use pest::iterators::Pair;

impl Reader<'_, '_> {
    /// `x [m]`, `x[100]`
    pub(super) fn coordinate(&mut self, pair: &Pair<Rule>) -> Option<CoordinateName> {
        let count = child(pair, Rule::count).and_then(|count| child(&count, Rule::whole));
        Some(CoordinateName {
            name: self.identifier(pair)?,
            count: count.map(|count| self.text(&count)),
            unit: match child(pair, Rule::unit) {
                Some(unit) => Some(self.unit(&unit)?),
                None => None,
            },
        })
    }

    /// `[0, 1]`, and `(0, 1)` of an unknown
    pub(super) fn interval(&mut self, pair: &Pair<Rule>) -> Option<Interval> {
        let mut ends = children(pair, Rule::expression);
        Some(Interval {
            low: self.expression(&ends.next()?)?,
            high: self.expression(&ends.next()?)?,
            span: self.span(pair),
        })
    }

    /// `= 0.01`, `over [100, 1000]`
    pub(super) fn parameter(&mut self, pair: &Pair<Rule>) -> Option<ParameterKind> {
        Some(match child(pair, Rule::interval) {
            Some(interval) => ParameterKind::Family(self.interval(&interval)?),
            None => ParameterKind::Fixed(self.formula(pair)?),
        })
    }

    /// `R^2`, `ℂ`
    pub(super) fn codomain(&mut self, pair: &Pair<Rule>) -> Option<Codomain> {
        let set = child(pair, Rule::number_set)?;
        let dimension = match child(pair, Rule::raised) {
            Some(raised) => Some(Text {
                text: lowered(raised.as_str()),
                span: self.span(&raised),
            }),
            None => child(pair, Rule::whole).map(|whole| self.text(&whole)),
        };
        let span = self.span(&set);
        Some(Codomain {
            complex: matches!(set.as_str(), "C" | "ℂ"),
            span: dimension.as_ref().map_or(span, |it| span.to(it.span)),
            dimension,
        })
    }

    /// `(0, 10)`, `[0, 10]`
    pub(super) fn bounds(&mut self, pair: &Pair<Rule>) -> Option<Bounds> {
        let open = child(pair, Rule::open_bounds);
        let interval = match &open {
            Some(open) => self.interval(open)?,
            None => self.interval(&child(pair, Rule::interval)?)?,
        };
        Some(Bounds {
            interval,
            open: open.is_some(),
        })
    }

    /// `x = 0`, `walls`, `boundary`
    pub(super) fn place(&mut self, pair: &Pair<Rule>) -> Option<Place> {
        if let Some(side) = child(pair, Rule::side) {
            return Some(Place::Side(self.side(&side)?));
        }
        Some(match child(pair, Rule::boundary_word) {
            Some(everywhere) => Place::Everywhere(self.span(&everywhere)),
            None => Place::Named(self.identifier(pair)?),
        })
    }

    /// `x = 0`
    pub(super) fn side(&mut self, pair: &Pair<Rule>) -> Option<Side> {
        let coordinate = self.identifier(pair)?;
        let index = match child(pair, Rule::index) {
            Some(index) => Some(self.formula(&index)?),
            None => None,
        };
        let value = self.formula(pair)?;
        Some(Side {
            index,
            span: coordinate.span.to(self.expressions[value].span),
            coordinate,
            value,
        })
    }

    /// `u`, `v.x`
    pub(super) fn target(&mut self, pair: &Pair<Rule>) -> Option<Target> {
        let target = child(pair, Rule::target)?;
        let mut names = self.names(&target, Rule::identifier).into_iter();
        Some(Target {
            field: names.next()?,
            component: names.next(),
        })
    }
}

/// Raised digits as ordinary ones: `⁻¹` is `-1`.
pub(super) fn lowered(raised: &str) -> String {
    let digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    let lower = |raised: char| match digits.chars().zip('0'..='9').find(|(it, _)| *it == raised) {
        Some((_, digit)) => digit,
        None if raised == '⁻' => '-',
        None => '+',
    };
    raised.chars().map(lower).collect()
}
