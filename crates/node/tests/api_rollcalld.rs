//! The program `rollcalld` as a user or a service manager meets it.

#[cfg(test)]
mod program {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::path::Path;
    use std::process::{Child, Command, Output, Stdio};

    use serde_json::Value;

    const FREE: &str = "127.0.0.1:0";

    fn rollcalld(data: &Path, machines: &str, console: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rollcalld"));
        command.arg("--data").arg(data).args(["--machines", machines, "--console", console]);
        command.env_remove("ROLLCALL_TOKEN").env_remove("ROLLCALL_LOG").stdin(Stdio::null());
        command
    }

    /// A running program that does not outlive its test.
    struct Running {
        child: Child,
        line: String,
        bound: Value,
    }

    impl Running {
        fn start(mut command: Command) -> Self {
            command.stderr(Stdio::piped());
            Self::told_to(command)
        }

        /// With standard error as the command has it.
        fn told_to(mut command: Command) -> Self {
            let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
            let mut line = String::new();
            BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
            let bound = serde_json::from_str(&line).unwrap_or_else(|_| {
                let mut told = String::new();
                if let Some(mut stderr) = child.stderr.take() {
                    stderr.read_to_string(&mut told).unwrap();
                }
                panic!("{line:?} {told}");
            });
            Self { child, line, bound }
        }

        fn console(&self) -> &str {
            self.bound["console"].as_str().unwrap()
        }

        fn get(&self, path: &str, token: &str) -> String {
            Self::get_from(self.console(), path, token)
        }

        fn get_from(addr: &str, path: &str, token: &str) -> String {
            let mut stream = TcpStream::connect(addr).unwrap();
            let request = format!(
                "GET {path} HTTP/1.1\r\nHost: {addr}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
            );
            stream.write_all(request.as_bytes()).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        }
    }

    impl Drop for Running {
        fn drop(&mut self) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }

    fn refused(mut command: Command) -> String {
        let Output { status, stdout, stderr } = command.output().unwrap();
        assert_eq!(status.code(), Some(1));
        assert!(stdout.is_empty(), "standard output is for the addresses");
        String::from_utf8(stderr).unwrap()
    }

    #[test]
    fn the_addresses_are_one_line_of_json_and_the_token_is_the_folders() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("site");
        let running = Running::start(rollcalld(&data, FREE, FREE));
        let (machines, console) = (running.bound["machines"].as_str().unwrap(), running.console());
        assert_eq!(running.line, format!("{{\"machines\":\"{machines}\",\"console\":\"{console}\"}}\n"));
        assert!(!machines.ends_with(":0") && !console.ends_with(":0"));
        let token = std::fs::read_to_string(data.join("console.token")).unwrap();
        assert!(running.get("/api/machines", token.trim()).starts_with("HTTP/1.1 200"));
        assert!(running.get("/api/machines", "wrong").starts_with("HTTP/1.1 401"));
        assert!(running.get("/", "").contains("<!doctype html>"));
    }

    #[test]
    fn a_token_of_ones_own_is_taken_and_written_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        let mut command = rollcalld(folder.path(), FREE, FREE);
        command.env("ROLLCALL_TOKEN", "my-own");
        let running = Running::start(command);
        assert!(running.get("/api/machines", "my-own").starts_with("HTTP/1.1 200"));
        assert!(!folder.path().join("console.token").exists());
        let mut unfit = rollcalld(&folder.path().join("other"), FREE, FREE);
        unfit.env("ROLLCALL_TOKEN", "口令");
        assert!(refused(unfit).contains("ASCII"));
    }

    #[cfg(unix)]
    #[test]
    fn sigterm_ends_it_in_order_while_somebody_watches_and_it_starts_again() {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            let mut running = Running::start(rollcalld(folder.path(), FREE, FREE));
            let token = std::fs::read_to_string(folder.path().join("console.token")).unwrap();
            let mut watching = TcpStream::connect(running.console()).unwrap();
            let request = format!(
                "GET /api/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n",
                token.trim()
            );
            watching.write_all(request.as_bytes()).unwrap();
            let mut first = [0; 12];
            watching.read_exact(&mut first).unwrap();
            assert_eq!(&first, b"HTTP/1.1 200");
            let _idle = TcpStream::connect(running.bound["machines"].as_str().unwrap()).unwrap();
            let _half = TcpStream::connect(running.console()).unwrap().write_all(b"GET / HT");
            let began = std::time::Instant::now();
            let kill =
                Command::new("kill").args(["-TERM", &running.child.id().to_string()]).status().unwrap();
            assert!(kill.success());
            let status = running.child.wait().unwrap();
            assert_eq!(status.code(), Some(0));
            assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_log_nobody_can_write_to_harms_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (nobody, pipe) = std::io::pipe().unwrap();
        drop(nobody);
        let mut command = rollcalld(folder.path(), FREE, FREE);
        command.env("ROLLCALL_LOG", "debug,not a level=at all").stderr(pipe);
        let mut running = Running::told_to(command);
        let machines = running.bound["machines"].as_str().unwrap();
        for _ in 0..3 {
            let answer = Running::get_from(machines, "/iclock/nothing-here?SN=CQZ7000000001", "");
            assert!(answer.starts_with("HTTP/1.1 404"), "{answer:?}");
        }
        assert!(running.get("/api/machines", "wrong").starts_with("HTTP/1.1 401"));
        let kill = Command::new("kill").args(["-TERM", &running.child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        assert_eq!(running.child.wait().unwrap().code(), Some(0));
    }

    #[test]
    fn a_folder_in_use_and_a_port_in_use_are_told_with_advice() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("site");
        let running = Running::start(rollcalld(&data, FREE, FREE));
        let told = refused(rollcalld(&data, FREE, FREE));
        assert!(told.contains(data.to_str().unwrap()) && told.contains("stop it"), "{told}");
        drop(running);
        let holder = TcpListener::bind(FREE).unwrap();
        let held = holder.local_addr().unwrap();
        for (flag, command) in [
            ("--machines", rollcalld(&data, &held.to_string(), FREE)),
            ("--console", rollcalld(&data, FREE, &held.to_string())),
        ] {
            let told = refused(command);
            assert!(told.contains(&format!("port {}", held.port())) && told.contains(flag), "{told}");
        }
        // What failed has let go of the folder.
        Running::start(rollcalld(&data, FREE, FREE));
    }

    #[test]
    fn the_description_is_printed_without_a_folder() {
        let printed = Command::new(env!("CARGO_BIN_EXE_rollcalld")).arg("openapi").output().unwrap();
        assert!(printed.status.success());
        assert_eq!(String::from_utf8(printed.stdout).unwrap(), rollcall_node::api::description());
    }
}
