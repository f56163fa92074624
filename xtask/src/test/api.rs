//! The API against its own description, with whatever schemathesis can think of.

use anyhow::{Context, Result};

use crate::openapi;
use crate::paths;
use crate::rollcalld::Rollcalld;
use crate::sh::sh;
use crate::tools;

/// What an answer is held to.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance,negative_data_rejection,\
                      unsupported_method,ignored_auth";

pub fn schemathesis() -> Result<()> {
    let st = tools::schemathesis()?;
    let folder = paths::target()?.join("schemathesis");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).context("the data of the last run")?;
    }
    std::fs::create_dir_all(&folder)?;
    let token = "schemathesis-asks-for-a-living";
    let node = Rollcalld::start(
        openapi::rollcalld()?.env("ROLLCALL_TOKEN", token),
        &folder.join("data"),
        "127.0.0.1:0",
        "127.0.0.1:0",
    )?;
    sh(st)?
        // Its cache and reports stay under the target folder.
        .dir(&folder)
        .arg("run")
        .arg(paths::root()?.join("docs/openapi.json"))
        .arg("--url")
        .arg(format!("http://{}", node.console))
        .arg("--header")
        .arg(format!("Authorization: Bearer {token}"))
        .args(["--checks", CHECKS])
        // The stream of events never ends.
        .args(["--exclude-path", "/api/events"])
        // The same cases every time: a failure here can be repeated.
        .args([
            "--seed",
            "20261122",
            "--generation-deterministic",
            "--max-examples",
            "40",
            "--request-timeout",
            "20",
        ])
        .args(["--no-color", "--suppress-health-check", "all"])
        .run()
}
