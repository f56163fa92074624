//! What runs by itself: writing down what machines said, noticing that one went silent, ending commands whose time is
//! over, noticing that this computer was away, doing jobs, and judging days.

mod absence;
mod attendance;
mod bell;
mod commands;
mod flush;
mod jobs;
mod presence;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use rollcall_core::Site;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::events::Events;
use crate::fleet::Fleet;

pub use bell::Bell;

/// The running workers. They end with [`Workers::stop`]; dropping this leaves them running.
#[derive(Debug)]
pub struct Workers {
    fleet: Arc<Fleet>,
    bell: Bell,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Workers {
    /// Starts them. Must be called within a tokio runtime.
    pub fn start(site: &Site, fleet: &Arc<Fleet>, events: &Events) -> Self {
        let stop = CancellationToken::new();
        let (tasks, bell) = (TaskTracker::new(), Bell::default());
        tasks.spawn(flush::run(Arc::clone(fleet), events.clone(), stop.clone()));
        tasks.spawn(presence::run(site.clone(), Arc::clone(fleet), events.clone(), stop.clone()));
        tasks.spawn(commands::run(site.clone(), Arc::clone(fleet), events.clone(), stop.clone()));
        tasks.spawn(absence::run(site.clone(), Arc::clone(fleet), events.clone(), stop.clone()));
        let jobs = jobs::run(site.clone(), Arc::clone(fleet), events.clone(), bell.clone(), stop.clone());
        tasks.spawn(jobs);
        tasks.spawn(attendance::run(site.clone(), events.clone(), bell.clone(), stop.clone()));
        Self { fleet: Arc::clone(fleet), bell, stop, tasks }
    }

    /// What wakes the workers for jobs and for attendance.
    pub fn bell(&self) -> &Bell {
        &self.bell
    }

    /// Stops them, and writes down what is still only in memory. To be called after the listener has stopped and before
    /// the site is closed.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        if let Err(error) = self.fleet.flush().await {
            tracing::warn!(code = error.code(), %error, "what the machines said last is lost");
        }
    }
}
