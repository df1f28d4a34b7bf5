//! The valid policy graph: RFC 9618, which replaces the policy tree of RFC 5280 §6.1.
//!
//! A node at depth i is a policy that is valid for the first i certificates. In the tree of RFC 5280 a policy had a node for
//! each way to it, which grew exponentially with mappings; here it has one node, with an edge from every parent.

use std::collections::{BTreeMap, BTreeSet};

use super::certificate_policies::{CertificatePolicies, PolicyMappings};
use crate::oid::{self, Oid};

/// `valid_policy_graph`; without levels it is NULL.
#[derive(Debug)]
pub(super) struct PolicyGraph {
    levels: Vec<Level>,
}

/// The nodes of one depth by their `valid_policy`.
#[derive(Debug, Default)]
struct Level(BTreeMap<Oid, Node>);

#[derive(Debug)]
struct Node {
    /// The `valid_policy` of the nodes above that this one has an edge from.
    parents: BTreeSet<Oid>,
    expected_policy_set: BTreeSet<Oid>,
}

/// Whether anyPolicy in a certificate counts (§6.1.3 (d)(2)).
#[derive(Debug, Clone, Copy)]
pub(super) enum AnyPolicyCounts {
    Yes,
    No,
}

/// Whether policies may be mapped (§6.1.4 (b)).
#[derive(Debug, Clone, Copy)]
pub(super) enum MappingCounts {
    Yes,
    No,
}

impl PolicyGraph {
    /// §6.1.2 (a): one node of depth zero, anyPolicy.
    pub(super) fn new() -> Self {
        let mut level = Level::default();
        level.add(oid::ANY_POLICY, BTreeSet::new());
        Self { levels: vec![level] }
    }

    pub(super) fn is_null(&self) -> bool {
        self.levels.is_empty()
    }

    /// §6.1.3 (d) and (e): the policies of the next certificate.
    pub(super) fn process(&mut self, policies: Option<&CertificatePolicies>, any_policy: AnyPolicyCounts) {
        let Some(above) = self.levels.last() else { return };
        let Some(policies) = policies else {
            // (e)
            self.levels.clear();
            return;
        };
        let expecting = above.by_expected_policy();
        let mut level = Level::default();
        // (d)(1)
        for policy in policies.policies().filter(|policy| **policy != oid::ANY_POLICY) {
            match expecting.get(policy) {
                Some(parents) => level.add(policy.clone(), parents.clone()),
                None if above.0.contains_key(&oid::ANY_POLICY) => {
                    level.add(policy.clone(), BTreeSet::from([oid::ANY_POLICY]));
                }
                None => {}
            }
        }
        // (d)(2)
        if let (true, AnyPolicyCounts::Yes) = (policies.contains(&oid::ANY_POLICY), any_policy) {
            for (policy, parents) in expecting {
                if !level.0.contains_key(&policy) {
                    level.add(policy, parents);
                }
            }
        }
        // (d)(3)
        self.levels.push(level);
        self.prune();
    }

    /// §6.1.4 (b): the mappings of the last certificate processed.
    pub(super) fn map(&mut self, mappings: &PolicyMappings, mapping: MappingCounts) {
        let Some(level) = self.levels.last_mut() else { return };
        for (issuer_domain, subject_domain) in mappings.mappings() {
            match mapping {
                MappingCounts::Yes => level.map(issuer_domain, subject_domain),
                MappingCounts::No => drop(level.0.remove(issuer_domain)),
            }
        }
        self.prune();
    }

    /// §6.1.5 (g): the `user_constrained_policy_set`, for a `user-initial-policy-set` of any policy (`None`) or of these.
    pub(super) fn user_constrained_policy_set(&self, user_initial: Option<&BTreeSet<Oid>>) -> BTreeSet<Oid> {
        let authority_constrained = self.authority_constrained_policy_set();
        let Some(user_initial) = user_initial else { return authority_constrained };
        if authority_constrained.contains(&oid::ANY_POLICY) {
            return user_initial.clone();
        }
        authority_constrained.intersection(user_initial).cloned().collect()
    }

    /// The policies, in the words of the anchor's domain, under which the whole path is valid: those that begin below
    /// anyPolicy and reach the end, and anyPolicy if it does.
    fn authority_constrained_policy_set(&self) -> BTreeSet<Oid> {
        let begins = |node: &Node| node.parents.len() == 1 && node.parents.contains(&oid::ANY_POLICY);
        let nodes = self.levels.iter().flat_map(|level| level.0.iter());
        let mut set: BTreeSet<Oid> = nodes
            .filter(|(policy, node)| **policy != oid::ANY_POLICY && begins(node))
            .map(|(policy, _)| policy.clone())
            .collect();
        if self.levels.last().is_some_and(|last| last.0.contains_key(&oid::ANY_POLICY)) {
            set.insert(oid::ANY_POLICY);
        }
        set
    }

    /// §6.1.3 (d)(3): deletes nodes above the last level without a child, until all have one.
    fn prune(&mut self) {
        if self.levels.last().is_none_or(|last| last.0.is_empty()) {
            self.levels.clear();
        }
        // Before the last level changed all nodes had a child; where no node is deleted, those above still have theirs.
        let mut levels = self.levels.as_mut_slice();
        while let [above @ .., level] = levels {
            let Some(parents) = above.last_mut() else { return };
            let needed: BTreeSet<&Oid> = level.0.values().flat_map(|node| &node.parents).collect();
            let before = parents.0.len();
            parents.0.retain(|policy, _| needed.contains(policy));
            if parents.0.len() == before {
                return;
            }
            levels = above;
        }
    }
}

impl Level {
    fn add(&mut self, policy: Oid, parents: BTreeSet<Oid>) {
        let expected_policy_set = BTreeSet::from([policy.clone()]);
        self.0.insert(policy, Node { parents, expected_policy_set });
    }

    /// For each policy that some node expects, the nodes that do.
    fn by_expected_policy(&self) -> BTreeMap<Oid, BTreeSet<Oid>> {
        let mut expecting: BTreeMap<Oid, BTreeSet<Oid>> = BTreeMap::new();
        for (policy, node) in &self.0 {
            for expected in &node.expected_policy_set {
                expecting.entry(expected.clone()).or_default().insert(policy.clone());
            }
        }
        expecting
    }

    /// §6.1.4 (b)(1)
    fn map(&mut self, issuer_domain: &Oid, subject_domain: &BTreeSet<Oid>) {
        if !self.0.contains_key(issuer_domain) && self.0.contains_key(&oid::ANY_POLICY) {
            self.add(issuer_domain.clone(), BTreeSet::from([oid::ANY_POLICY]));
        }
        if let Some(node) = self.0.get_mut(issuer_domain) {
            node.expected_policy_set.clone_from(subject_domain);
        }
    }
}
