#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| rollcall_protocol_fuzz::check("fk_assembly", data));
