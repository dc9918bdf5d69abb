//! The density of all energies and constraints together, as a jet expression.

use crate::arena::Id;
use crate::function::Algebra;
use crate::hir::{CoordinateId, Equation, ExpressionId, ExpressionKind, FieldId, Problem, Role};
use crate::jet::{self, Graph, MultiIndex, Node, NodeId};
use std::collections::{BTreeMap, BTreeSet};

/// What is integrated over the box.
pub(super) struct Density {
    pub(super) graph: Graph,
    /// The density: its integral has the same first variation as the energies. The values of integrals in it are data,
    /// multipliers are uniforms behind those of the unknowns.
    pub(super) node: NodeId,
    /// The factor and the operand of each integral in it.
    parts: Vec<(NodeId, NodeId)>,
    /// Energies and constraints with their multipliers, in which each integral is a datum.
    pub(super) whole: NodeId,
    /// The expression of the integral that each datum stands for.
    pub(super) integrals: Vec<ExpressionId>,
    /// Over which coordinates: all but those of families.
    pub(super) over: Vec<CoordinateId>,
    /// How many constraints have a multiplier.
    pub(super) constraints: usize,
    /// The fields that are varied.
    pub(super) fields: Vec<FieldId>,
}

impl Density {
    pub(super) fn new(problem: &Problem) -> Result<Self, String> {
        if problem.energies.is_empty() {
            return Err("the file minimizes nothing".to_owned());
        }
        if !problem.equations.is_empty() {
            return Err("the file has equations beside what it minimizes".to_owned());
        }
        let over: Vec<CoordinateId> = problem
            .coordinates
            .iter()
            .filter(|(_, coordinate)| coordinate.role != Role::Family)
            .map(|(id, _)| id)
            .collect();
        let mut graph = graph_of(problem);
        let (images, found) = lower(problem, &mut graph);
        let mut terms: Vec<(NodeId, f64)> = problem
            .energies
            .iter()
            .map(|energy| (images[energy.value.index()], 1.0))
            .collect();
        for (number, constraint) in problem.constraints.iter().enumerate() {
            let [left, right] = [constraint.left, constraint.right].map(|id| images[id.index()]);
            let gap = graph.subtract(left, right);
            let uniform = jet::uniform_of_unknown(problem, problem.unknowns.len() + number);
            let multiplier = graph.uniform(uniform);
            terms.push((graph.multiply(multiplier, gap), 1.0));
        }
        let whole = graph.sum(&terms, 0.0);
        let mut parts = Vec::new();
        for (number, (id, operand)) in found.iter().enumerate() {
            let datum = graph.datum(number);
            let factor = graph.partial(whole, datum);
            if graph.as_number(factor) == Some(0.0) {
                continue;
            }
            if has_data(&graph, *operand) {
                return Err("an integral stands inside an integral".to_owned());
            }
            let ExpressionKind::Integral { over: given, .. } = &problem.expressions[*id].kind
            else {
                continue;
            };
            if *given != over {
                return Err("an integral does not run over all coordinates".to_owned());
            }
            parts.push((factor, *operand));
        }
        let densities: Vec<(NodeId, f64)> = parts
            .iter()
            .map(|(factor, operand)| (graph.multiply(*factor, *operand), 1.0))
            .collect();
        let node = graph.sum(&densities, 0.0);
        let mentioned: BTreeSet<usize> = graph.jets(&[node]).into_iter().map(|(f, _)| f).collect();
        let fields: Vec<FieldId> = mentioned.into_iter().map(Id::from_index).collect();
        for field in &fields {
            let declared = &problem.fields[*field];
            if declared.sought.is_some() {
                return Err(format!("the coefficient `{}` is sought", declared.name));
            }
            if let Some(other) = over.iter().find(|c| !declared.arguments.contains(c)) {
                let other = &problem.coordinates[*other].name;
                return Err(format!("`{}` does not depend on `{other}`", declared.name));
            }
        }
        Ok(Self {
            graph,
            node,
            parts,
            whole,
            integrals: found.into_iter().map(|(id, _)| id).collect(),
            over,
            constraints: problem.constraints.len(),
            fields,
        })
    }

    /// `∂L/∂u_α` for each derivative `u_α` of a field in the density, without those that vanish.
    pub(super) fn fluxes(&mut self, field: FieldId) -> Vec<(MultiIndex, NodeId)> {
        let jets = self.graph.jets(&[self.node]).into_iter();
        let own: Vec<MultiIndex> = jets
            .filter(|(function, _)| *function == field.index())
            .map(|(_, index)| index)
            .collect();
        let mut fluxes = Vec::new();
        for index in own {
            let leaf = self.graph.jet(field.index(), index.clone());
            let flux = self.graph.partial(self.node, leaf);
            if self.graph.as_number(flux) != Some(0.0) {
                fluxes.push((index, flux));
            }
        }
        fluxes
    }

    /// How the operands of the integrals depend on one number, their factors as they are.
    pub(super) fn slope(&mut self, leaf: NodeId) -> NodeId {
        let mut slopes = Vec::new();
        for (factor, operand) in self.parts.clone() {
            let slope = self.graph.partial(operand, leaf);
            slopes.push((self.graph.multiply(factor, slope), 1.0));
        }
        self.graph.sum(&slopes, 0.0)
    }

    /// Whether a flux is linear with coefficients that are the same everywhere, so that its derivative is best written out.
    pub(super) fn is_simple(&mut self, flux: NodeId) -> bool {
        let jets = self.graph.jets(&[flux]);
        jets.into_iter().all(|(function, index)| {
            let leaf = self.graph.jet(function, index);
            let slope = self.graph.partial(flux, leaf);
            let under = self.graph.reachable(&[slope]);
            under.into_iter().all(|id| match self.graph.node(id) {
                Node::Coordinate(_) | Node::Jet { .. } | Node::Select { .. } => false,
                Node::Number(_)
                | Node::Uniform(_)
                | Node::Datum(_)
                | Node::Sum { .. }
                | Node::Product(_)
                | Node::Power { .. }
                | Node::Call(..) => true,
            })
        }) && self.is_plain(flux)
    }

    /// Whether nothing is hidden in a comparison.
    fn is_plain(&self, root: NodeId) -> bool {
        let under = self.graph.reachable(&[root]);
        under
            .into_iter()
            .all(|id| !matches!(self.graph.node(id), Node::Select { .. }))
    }

    /// The integrals that stand in derived equations as numbers.
    pub(super) fn integrals_in(
        &self,
        problem: &Problem,
        equations: &[Equation],
    ) -> BTreeSet<ExpressionId> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut stack: Vec<ExpressionId> = equations.iter().map(|e| e.left).collect();
        while let Some(id) = stack.pop() {
            if !seen.insert(id) {
                continue;
            }
            let kind = &problem.expressions[id].kind;
            if matches!(kind, ExpressionKind::Integral { .. }) {
                found.insert(id);
            }
            stack.extend(kind.operands());
        }
        found
    }
}

fn graph_of(problem: &Problem) -> Graph {
    let unknowns = problem.fields.iter().map(|(_, field)| jet::Unknown {
        name: field.name.clone(),
        arguments: field
            .arguments
            .iter()
            .map(|c| u16::try_from(c.index()).unwrap_or(u16::MAX))
            .collect(),
    });
    Graph::new(unknowns.collect())
}

/// Lowers all expressions, each different integral as a datum of its own: its expression and the image of its operand.
fn lower(problem: &Problem, graph: &mut Graph) -> (Vec<NodeId>, Vec<(ExpressionId, NodeId)>) {
    let mut images: Vec<NodeId> = Vec::with_capacity(problem.expressions.len());
    let mut found = Vec::new();
    let mut numbers: BTreeMap<(NodeId, &[CoordinateId]), usize> = BTreeMap::new();
    for (id, expression) in problem.expressions.iter() {
        let image = match &expression.kind {
            ExpressionKind::Integral { operand, over } => {
                let operand = images[operand.index()];
                let number = *numbers.entry((operand, over)).or_insert_with(|| {
                    found.push((id, operand));
                    found.len() - 1
                });
                graph.datum(number)
            }
            kind @ (ExpressionKind::Number(_)
            | ExpressionKind::Constant(_)
            | ExpressionKind::Coordinate(_)
            | ExpressionKind::Parameter(_)
            | ExpressionKind::Field(_)
            | ExpressionKind::Definition(_)
            | ExpressionKind::Unknown(_)
            | ExpressionKind::Derivative { .. }
            | ExpressionKind::Negate(_)
            | ExpressionKind::Binary { .. }
            | ExpressionKind::Call { .. }
            | ExpressionKind::Minimum(..)
            | ExpressionKind::Maximum(..)
            | ExpressionKind::Select { .. }) => {
                jet::lower_expression(problem, graph, &images, kind)
            }
        };
        images.push(image);
    }
    (images, found)
}

fn has_data(graph: &Graph, root: NodeId) -> bool {
    let under = graph.reachable(&[root]);
    under
        .into_iter()
        .any(|id| matches!(graph.node(id), Node::Datum(_)))
}
