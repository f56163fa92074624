use axum::http::Method;
use encoding_rs::GB18030;
use rollcall_sheets::{Format, Table, read, write};
use serde_json::{Value, json};

use crate::support::{Answer, Host};

const IMPORT: &str = "/api/imports/employees";

/// Sends a form with a file as a browser does.
async fn send(host: &Host, query: &str, name: &str, file: &[u8], mapping: Option<Value>) -> Answer {
    let mut body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(file);
    if let Some(mapping) = mapping {
        let part = format!("\r\n--edge\r\nContent-Disposition: form-data; name=\"mapping\"\r\n\r\n{mapping}");
        body.extend_from_slice(part.as_bytes());
    }
    body.extend_from_slice(b"\r\n--edge--\r\n");
    host.send_bytes(Method::POST, &format!("{IMPORT}{query}"), "multipart/form-data; boundary=edge", body)
        .await
}

const PEOPLE: &str = "人员ID,姓名,部门,工号,手机,入职日期\r\n\
    e1,王芳,研发部/前端组,0042,138,2026-01-05\r\n\
    e2,𠮷田 嘢,行政部,1001,,2026/3/1\r\n";
const BAD: &str = "人员ID,姓名,入职日期\ne1,王芳,2026-02-30\ne3,赵磊,2026-02-03\n";

async fn total(host: &Host) -> Value {
    host.get("/api/employees").await.ok(200)["total"].clone()
}

#[tokio::test]
async fn directory_2_2_a_file_is_looked_at_and_then_taken() {
    let host = Host::start().await;
    let dry = send(&host, "?dryRun=true", "people.csv", PEOPLE.as_bytes(), None).await;
    insta::assert_json_snapshot!(dry.ok(200));
    assert_eq!(total(&host).await, 0);
    let done = send(&host, "", "C:\\Users\\x\\people.csv", PEOPLE.as_bytes(), None).await;
    assert_eq!(
        json!([done.ok(200)["added"], done.json["rejected"], done.json["rows"], done.json["importId"]]),
        json!([2, 0, [], 1])
    );
    let person = host.get("/api/employees/e1").await;
    assert_eq!(
        json!([person.ok(200)["departmentName"], person.json["fields"], person.json["hiredOn"]]),
        json!(["前端组", {"employeeNumber": "0042", "mobile": "138"}, "2026-01-05"])
    );
    let last = host.get("/api/imports/employees/last").await;
    assert_eq!(
        json!([
            last.ok(200)["id"],
            last.json["who"],
            last.json["fileName"],
            last.json["added"],
            last.json["undoable"]
        ]),
        json!([1, "desktop", "people.csv", 2, true])
    );
}

#[tokio::test]
async fn directory_2_2_every_form_of_a_file_is_read() {
    let texts = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    let workbook = Table {
        name: "人员".into(),
        headers: texts(&["人员ID", "姓名", "部门", "工号", "手机", "入职日期"]),
        rows: vec![
            texts(&["e1", "王芳", "研发部/前端组", "0042", "138", "2026-01-05"]),
            texts(&["e2", "𠮷田 嘢", "行政部", "1001", "", "2026-03-01"]),
        ],
    };
    let files = [
        ("utf8.csv", PEOPLE.as_bytes().to_vec()),
        ("bom.csv", [b"\xef\xbb\xbf", PEOPLE.as_bytes()].concat()),
        ("gbk.csv", GB18030.encode(PEOPLE).0.into_owned()),
        ("people.xlsx", write(Format::Xlsx, &workbook).unwrap()),
    ];
    for (name, file) in files {
        let host = Host::start().await;
        let done = send(&host, "", name, &file, None).await;
        assert_eq!(done.ok(200)["added"], 2, "{name}");
        assert_eq!(host.get("/api/employees/e2").await.ok(200)["name"], "𠮷田 嘢", "{name}");
        assert_eq!(host.get("/api/employees/e1").await.ok(200)["fields"]["employeeNumber"], "0042", "{name}");
    }
}

#[tokio::test]
async fn directory_2_2_one_bad_row_and_nothing_is_imported() {
    let host = Host::start().await;
    let refused = send(&host, "", "people.csv", BAD.as_bytes(), None).await;
    insta::assert_json_snapshot!(refused.problem(422, "import.rows_invalid"));
    assert_eq!(total(&host).await, 0);
    host.get("/api/imports/employees/last").await.problem(404, "import.none");
    let dry = send(&host, "?dryRun=true", "people.csv", BAD.as_bytes(), None).await;
    assert_eq!(dry.ok(200)["rows"], refused.json["rows"]);
    let partial = send(&host, "?partial=true", "people.csv", BAD.as_bytes(), None).await;
    assert_eq!(json!([partial.ok(200)["added"], partial.json["rejected"]]), json!([1, 1]));
    assert_eq!(partial.json["rows"].as_array().unwrap().len(), 1);
    assert_eq!(total(&host).await, 1);
}

#[tokio::test]
async fn directory_2_2_columns_are_mapped_by_hand() {
    let host = Host::start().await;
    host.post("/api/fields", json!({"key": "shoeSize", "label": "鞋码", "type": "number", "group": "basic"}))
        .await
        .ok(201);
    let file = "谁,号,姓名,鞋码\n王芳,43,x,9\n".as_bytes();
    let mapping = json!({"谁": "name", "号": "shoeSize", "姓名": "", "鞋码": null});
    let done = send(&host, "?dryRun=true", "a.csv", file, Some(mapping)).await;
    assert_eq!(
        done.ok(200)["columns"],
        json!([{"header": "谁", "field": "name"}, {"header": "号", "field": "shoeSize"},
            {"header": "姓名", "field": null}, {"header": "鞋码", "field": null}])
    );
    assert_eq!(done.json["rows"][0]["name"], "王芳");
    for (mapping, code) in [
        (json!({"没有": "name"}), "import.mapping_header_unknown"),
        (json!({"谁": "hat"}), "import.mapping_field_unknown"),
        (json!(["谁"]), "import.mapping_unreadable"),
        (json!({"谁": "name", "号": "name"}), "import.column_twice"),
    ] {
        send(&host, "", "a.csv", file, Some(mapping)).await.problem(422, code);
    }
}

#[tokio::test]
async fn directory_2_2_what_is_no_file_of_people_is_refused() {
    let host = Host::start().await;
    for (file, code) in [
        (&b""[..], "import.empty"),
        (b"id,name\n", "import.empty"),
        (b"shoe,hat\n1,2\n", "import.no_people"),
        (b"PK\x03\x04 broken", "sheet.unreadable"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "sheet.encoding"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "sheet.old_excel"),
    ] {
        let answer = send(&host, "", "x", file, None).await;
        assert_eq!(answer.problem(422, code)["fields"][0]["pointer"], "/file");
    }
    let form = |body: &'static [u8]| {
        host.send_bytes(Method::POST, IMPORT, "multipart/form-data; boundary=edge", body.to_vec())
    };
    form(b"nothing like it").await.problem(400, "body.unreadable");
    form(b"--edge--\r\n").await.problem(422, "import.file_missing");
    form(b"--edge\r\nContent-Disposition: form-data; name=\"fiel\"\r\n\r\nx\r\n--edge--\r\n")
        .await
        .problem(422, "body.invalid");
    host.post(IMPORT, json!({})).await.problem(415, "body.not_multipart");
    host.send_bytes(Method::POST, &format!("{IMPORT}?dry=1"), "text/plain", Vec::new())
        .await
        .problem(400, "query.unreadable");
    let large = vec![b'x'; 20 * 1024 * 1024 + 128 * 1024];
    send(&host, "", "x", &large, None).await.problem(413, "body.too_large");
}

#[tokio::test]
async fn directory_2_2_the_template_and_the_export_are_understood_again() {
    let host = Host::start().await;
    host.post("/api/fields", json!({"key": "shoeSize", "label": "鞋码", "type": "number", "group": "basic"}))
        .await
        .ok(201);
    send(&host, "", "people.csv", PEOPLE.as_bytes(), None).await.ok(200);
    let new = json!({"name": "=cmd|' /C calc'!A0", "fields": {"mobile": "+86 138", "shoeSize": "-5"}});
    host.post("/api/employees", new).await.ok(201);
    for (query, kind, ending) in [
        ("format=xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx\""),
        ("format=csv&language=en", "text/csv; charset=utf-8", "csv\""),
    ] {
        let template = host.get(&format!("/api/imports/employees/template?{query}")).await;
        assert_eq!((template.status, template.header("content-type")), (200, Some(kind)));
        let disposition = template.header("content-disposition").unwrap();
        assert!(
            disposition.starts_with("attachment; filename=") && disposition.ends_with(ending),
            "{disposition}"
        );
        let rows = read(&template.bytes).unwrap();
        assert_eq!((rows.len(), rows[0].cells.last().unwrap().as_str()), (1, "鞋码"));

        let export = host.get(&format!("/api/exports/employees?{query}")).await;
        assert_eq!((export.status, export.header("content-type")), (200, Some(kind)));
        assert_eq!(read(&export.bytes).unwrap().len(), 4);
        let again = send(&host, "?dryRun=true", "again", &export.bytes, None).await;
        assert_eq!(
            json!([again.ok(200)["unchanged"], again.json["rejected"], again.json["rows"]]),
            json!([3, 0, []]),
            "{query}"
        );
    }
    let csv = host.get("/api/exports/employees?format=csv&search=cmd").await;
    assert!(
        csv.body.contains("'=cmd|") && csv.body.contains("'+86 138") && csv.body.contains("'-5"),
        "{}",
        csv.body
    );
    let some = host.get("/api/exports/employees?format=csv&search=wf&status=active").await;
    assert_eq!(read(&some.bytes).unwrap().len(), 2);
    host.get("/api/exports/employees?format=pdf").await.problem(400, "query.unreadable");
}

#[tokio::test]
async fn directory_2_2_the_last_import_is_undone() {
    let host = Host::start().await;
    host.post("/api/imports/employees/1/undo", json!({})).await.problem(404, "import.none");
    host.add_employee("e1", "王方").await;
    send(&host, "", "people.csv", PEOPLE.as_bytes(), None).await.ok(200);
    host.patch("/api/employees/e2", json!({"name": "吉田"})).await.ok(200);
    host.post("/api/imports/employees/7/undo", json!({})).await.problem(409, "import.not_last");
    let undone = host.post("/api/imports/employees/1/undo", json!({})).await;
    assert_eq!(undone.ok(200)["undone"], 1);
    assert_eq!(
        json!([undone.json["kept"][0]["employeeId"], undone.json["kept"][0]["code"]]),
        json!(["e2", "import.changed_since"])
    );
    let person = host.get("/api/employees/e1").await;
    assert_eq!(json!([person.ok(200)["name"], person.json["departmentId"]]), json!(["王方", null]));
    host.post("/api/imports/employees/1/undo", json!({})).await.problem(409, "import.undone");
    let last = host.get("/api/imports/employees/last").await;
    assert_eq!(json!([last.ok(200)["undoable"], last.json["reason"]]), json!([false, "import.undone"]));
}
