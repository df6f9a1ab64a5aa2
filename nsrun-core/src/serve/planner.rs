//! Plans, made once for tests that ask for the same sandbox.

use std::path::PathBuf;

use crate::host::Host;
use crate::plan::{Plan, StartPlan, Unplannable};
use crate::spec::Spec;
use crate::wire::Request;

/// The tests of a binary ask for few different sandboxes, most of them for one. A plan is a page
/// of strings and a dozen looks at the host: as much work as the rest of a request.
pub(super) struct Planner {
    host: Host,
    last: Option<Planned>,
}

struct Planned {
    spec: Spec,
    /// What the program needs to find in its sandbox.
    paths: Vec<PathBuf>,
    plan: Plan,
}

impl Planner {
    pub(super) fn new(host: Host) -> Planner {
        Planner { host, last: None }
    }

    pub(super) fn plan(
        &mut self,
        request: &Request,
    ) -> Result<(&mut Plan, StartPlan), Unplannable> {
        let paths = request.program.paths();
        let last = self.last.take();
        let planned = match last.filter(|last| last.spec == request.spec && last.paths == paths) {
            Some(planned) => planned,
            None => Planned {
                plan: Plan::new(&request.spec, &paths, &self.host)?,
                spec: request.spec.clone(),
                paths,
            },
        };
        let plan = &mut self.last.insert(planned).plan;
        let start = StartPlan::new(request, plan.privileges)?;
        Ok((plan, start))
    }
}
