use model::Schema;

use super::*;

/// A header set, and for each field the header that holds it, in the order of the headers; `-` is
/// a header that no field takes.
type Case = (&'static [&'static str], &'static [&'static str]);

const NUMBER: &str = "employee_number";
const NAME: &str = "full_name";
const EMAIL: &str = "email";
const CPF: &str = "document";
const PHONE: &str = "phone";
const BIRTH: &str = "birth_date";
const HIRE: &str = "hire_date";
const DEPT: &str = "department";
const JOB: &str = "job_title";
const BOSS: &str = "manager_email";
const PAY: &str = "salary";
const LANG: &str = "language";

/// Headers as exports of payroll and HR systems, forms and hand-made lists have them.
const CASES: &[Case] = &[
    // Our own names and titles.
    (
        &[
            "employee_number",
            "full_name",
            "email",
            "document",
            "phone",
            "birth_date",
            "hire_date",
            "department",
            "job_title",
            "manager_email",
            "salary",
            "language",
        ],
        &[
            NUMBER, NAME, EMAIL, CPF, PHONE, BIRTH, HIRE, DEPT, JOB, BOSS, PAY, LANG,
        ],
    ),
    (
        &[
            "Matrícula",
            "Nome completo",
            "E-mail",
            "CPF",
            "Telefone",
            "Data de nascimento",
            "Data de admissão",
            "Departamento",
            "Cargo",
            "E-mail do gestor",
            "Salário",
            "Idioma",
        ],
        &[
            NUMBER, NAME, EMAIL, CPF, PHONE, BIRTH, HIRE, DEPT, JOB, BOSS, PAY, LANG,
        ],
    ),
    (
        &[
            "Número de empleado",
            "Nombre completo",
            "Correo electrónico",
            "CPF",
            "Teléfono",
            "Fecha de nacimiento",
            "Fecha de ingreso",
            "Departamento",
            "Puesto",
            "Correo del responsable",
            "Salario",
            "Idioma",
        ],
        &[
            NUMBER, NAME, EMAIL, CPF, PHONE, BIRTH, HIRE, DEPT, JOB, BOSS, PAY, LANG,
        ],
    ),
    (
        &[
            "Employee number",
            "Full name",
            "E-mail",
            "CPF",
            "Phone",
            "Birth date",
            "Hire date",
            "Department",
            "Job title",
            "Manager's e-mail",
            "Salary",
            "Language",
        ],
        &[
            NUMBER, NAME, EMAIL, CPF, PHONE, BIRTH, HIRE, DEPT, JOB, BOSS, PAY, LANG,
        ],
    ),
    // Portuguese.
    (
        &[
            "CHAPA",
            "NOME",
            "CPF",
            "DT NASC",
            "DT ADMISSAO",
            "SETOR",
            "FUNÇÃO",
        ],
        &[NUMBER, NAME, CPF, BIRTH, HIRE, DEPT, JOB],
    ),
    (
        &[
            "Dt. Nasc.",
            "CPF do colaborador",
            "Nome do colaborador",
            "E-mail corporativo",
        ],
        &[BIRTH, CPF, NAME, EMAIL],
    ),
    (
        &[
            "Colaborador",
            "Nº do CPF",
            "Celular",
            "Dt. Admissão",
            "Área",
        ],
        &[NAME, CPF, PHONE, HIRE, DEPT],
    ),
    (
        &[
            "Código do funcionário",
            "Nome do funcionário",
            "Fone",
            "Data Nasc.",
            "Remuneração",
        ],
        &[NUMBER, NAME, PHONE, BIRTH, PAY],
    ),
    (
        &["Nome", "Nome da mãe", "CPF", "RG", "PIS"],
        &[NAME, "-", CPF, "-", "-"],
    ),
    (
        &[
            "E-mail pessoal",
            "E-mail corporativo",
            "Gestor imediato (e-mail)",
        ],
        &["-", EMAIL, BOSS],
    ),
    (
        &[
            "Data de admissão",
            "Data de desligamento",
            "Data de nascimento",
        ],
        &[HIRE, "-", BIRTH],
    ),
    (
        &[
            "Cadastro de Pessoa Física",
            "Funcionário",
            "Ocupação",
            "Depto",
        ],
        &[CPF, NAME, JOB, DEPT],
    ),
    (
        &[
            "nome_completo",
            "cpf",
            "data_nascimento",
            "data_admissao",
            "email_gestor",
            "cargo",
        ],
        &[NAME, CPF, BIRTH, HIRE, BOSS, JOB],
    ),
    (
        &[
            "Matricula",
            "Nome Completo",
            "Telefone de emergência",
            "Telefone celular",
        ],
        &[NUMBER, NAME, "-", PHONE],
    ),
    (
        &["Unidade", "Cargo", "Líder", "Salário base"],
        &[DEPT, JOB, BOSS, PAY],
    ),
    (
        &["Nascimento", "Admissão", "Superior", "Whatsapp"],
        &[BIRTH, HIRE, BOSS, PHONE],
    ),
    (
        &["Data de nascimento (dd/mm/aaaa)", "Salário (R$)", "CPF *"],
        &[BIRTH, PAY, CPF],
    ),
    (
        &["Endereço de e-mail", "Endereço", "Cidade"],
        &[EMAIL, "-", "-"],
    ),
    (
        &[
            "Registro",
            "Nome",
            "Situação",
            "Centro de custo",
            "Data de início",
        ],
        &[NUMBER, NAME, "-", "-", HIRE],
    ),
    (
        &["Departameto", "Telefne", "Matrcula", "Salrio"],
        &[DEPT, PHONE, NUMBER, PAY],
    ),
    (
        &[
            "NOME COMPLETO DO FUNCIONÁRIO",
            "Nº CPF",
            "TEL. CELULAR",
            "DATA ADM.",
        ],
        &[NAME, CPF, PHONE, HIRE],
    ),
    (
        &["Idioma preferido", "E-mail do líder", "E-mail"],
        &[LANG, BOSS, EMAIL],
    ),
    // English.
    (
        &[
            "Employee ID",
            "Name",
            "Work Email",
            "Start Date",
            "Title",
            "Team",
            "Manager",
        ],
        &[NUMBER, NAME, EMAIL, HIRE, JOB, DEPT, BOSS],
    ),
    (
        &[
            "EmployeeID",
            "FullName",
            "EmailAddress",
            "DateOfBirth",
            "HireDate",
            "JobTitle",
            "ManagerEmail",
        ],
        &[NUMBER, NAME, EMAIL, BIRTH, HIRE, JOB, BOSS],
    ),
    (
        &[
            "Staff Number",
            "Employee Name",
            "DOB",
            "Joining Date",
            "Position",
            "Dept.",
        ],
        &[NUMBER, NAME, BIRTH, HIRE, JOB, DEPT],
    ),
    (
        &[
            "Badge",
            "Mobile",
            "Birthday",
            "Hired",
            "Role",
            "Base salary",
        ],
        &[NUMBER, PHONE, BIRTH, HIRE, JOB, PAY],
    ),
    (
        &["E-mail address", "Supervisor e-mail", "Preferred language"],
        &[EMAIL, BOSS, LANG],
    ),
    (
        &["Reports to", "Email", "Cell phone", "Tax ID"],
        &[BOSS, EMAIL, PHONE, CPF],
    ),
    (
        &["Date of Hire", "Date of Birth", "Termination Date"],
        &[HIRE, BIRTH, "-"],
    ),
    (
        &["Emp No", "Emp Name", "Mobile Number", "Annual Pay", "Lang"],
        &[NUMBER, NAME, PHONE, PAY, LANG],
    ),
    (
        &["Wage", "Phone number", "Mother's name", "Full Name"],
        &[PAY, PHONE, "-", NAME],
    ),
    (
        &["birthDate", "hireDate", "managerEmail", "phoneNumber"],
        &[BIRTH, HIRE, BOSS, PHONE],
    ),
    (
        &["Document", "Department name", "Job", "Direct manager email"],
        &[CPF, DEPT, JOB, BOSS],
    ),
    (
        &[
            "Worker",
            "Business Email",
            "Personal Email",
            "Line Manager Email",
        ],
        &[NAME, EMAIL, "-", BOSS],
    ),
    // Spanish.
    (
        &[
            "Legajo",
            "Nombre y apellidos",
            "Correo corporativo",
            "Fecha nac.",
            "Fecha de alta",
        ],
        &[NUMBER, NAME, EMAIL, BIRTH, HIRE],
    ),
    (
        &["Nómina", "Nombre", "Correo", "Móvil", "Sueldo", "Área"],
        &[NUMBER, NAME, EMAIL, PHONE, PAY, DEPT],
    ),
    (
        &[
            "ID empleado",
            "Empleado",
            "Teléfono móvil",
            "Puesto",
            "Correo del jefe",
        ],
        &[NUMBER, NAME, PHONE, JOB, BOSS],
    ),
    (
        &[
            "Fecha de contratación",
            "Fecha de baja",
            "Fecha de nacimiento",
        ],
        &[HIRE, "-", BIRTH],
    ),
    (
        &[
            "Documento de identidad",
            "Correo electrónico laboral",
            "Sector",
            "Responsable",
        ],
        &[CPF, EMAIL, DEPT, BOSS],
    ),
    (
        &[
            "Nro. de legajo",
            "Nombre completo",
            "F. Nacimiento",
            "Ingreso",
        ],
        &[NUMBER, NAME, BIRTH, HIRE],
    ),
    (
        &["Dpto.", "Cargo laboral", "Sueldo bruto", "Idioma"],
        &[DEPT, JOB, PAY, LANG],
    ),
    (
        &["Celular", "Teléfono de emergencia", "Correo"],
        &[PHONE, "-", EMAIL],
    ),
    // Nothing that we know.
    (&["Coluna 1", "Coluna 2", ""], &["-", "-", "-"]),
    (&["", "foo", "CEP", "Estado civil"], &["-", "-", "-", "-"]),
];

fn fields_of(headers: &[&str], sample: &[Vec<String>]) -> Vec<String> {
    let schema = Schema::employee();
    let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
    let mapping = guess(&schema, &headers, sample);
    let name = |column| match mapping.field_of(column) {
        Some(field) => schema.fields[field].name.clone(),
        None => "-".to_owned(),
    };
    (0..headers.len()).map(name).collect()
}

#[test]
fn headers_of_real_exports_find_their_fields() {
    assert!(CASES.len() >= 40);
    let wrong: Vec<_> = CASES
        .iter()
        .map(|(headers, expected)| (headers, expected, fields_of(headers, &[])))
        .filter(|(_, expected, found)| *expected != found)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn rows(rows: &[&[&str]]) -> Vec<Vec<String>> {
    let row = |row: &&[&str]| row.iter().map(|cell| (*cell).to_owned()).collect();
    rows.iter().map(row).collect()
}

#[test]
fn values_speak_where_headers_do_not() {
    let sample = rows(&[
        &[
            "ana@example.com",
            "529.982.247-25",
            "1990-04-23",
            "chefe@example.com",
            "Vendas",
            "+5511987654321",
            "2020-01-02",
        ],
        &[
            "bia@example.com",
            "1234567890",
            "23/05/1985",
            "chefe@example.com",
            "RH",
            "(11) 98765-4322",
            "03/02/2021",
        ],
        &[
            "caio@example.com",
            "",
            "1979-01-31",
            "chefe@example.com",
            "Sales",
            "+5521987654323",
            "2019-07-01",
        ],
    ]);
    let headers = ["Coluna 1", "Coluna 4", "X", "Y", "Z", "W", "V"];
    assert_eq!(
        fields_of(&headers, &sample),
        [EMAIL, CPF, BIRTH, BOSS, DEPT, PHONE, HIRE]
    );
    // The later dates are the hires, also where they stand first.
    let turned: Vec<_> = sample
        .iter()
        .map(|row| row.iter().rev().cloned().collect())
        .collect();
    let mut expected = vec![EMAIL, CPF, BIRTH, BOSS, DEPT, PHONE, HIRE];
    expected.reverse();
    assert_eq!(fields_of(&headers, &turned), expected);
}

#[test]
fn a_manager_without_addresses_is_no_managers_address() {
    let sample = rows(&[
        &["Ana Lima", "ana@example.com"],
        &["Bia Souza", "bia@example.com"],
    ]);
    assert_eq!(fields_of(&["Gestor", "E-mail"], &sample), ["-", EMAIL]);
    let sample = rows(&[
        &["g@example.com", "ana@example.com"],
        &["g@example.com", "bia@example.com"],
    ]);
    assert_eq!(fields_of(&["Gestor", "E-mail"], &sample), [BOSS, EMAIL]);
}

#[test]
fn confidence_is_a_word_and_a_number() {
    let schema = Schema::employee();
    let headers = ["CPF", "E-mail pessoal", "foo"].map(str::to_owned);
    let mapping = guess(&schema, &headers, &[]);
    let of = |name: &str| mapping.fields()[schema.index_of(name).unwrap()];
    assert_eq!((of(CPF).confidence, of(CPF).score), (Confidence::Sure, 1.0));
    assert_eq!(of(EMAIL).confidence, Confidence::Unsure);
    assert_eq!(of(NAME), Match::default());
}

#[test]
fn what_somebody_says_goes() {
    let mut mapping = Mapping::chosen([Some(0), Some(1), None]);
    mapping.set(2, Some(1));
    assert_eq!(mapping.column_of(1), None);
    assert_eq!(mapping.column_of(2), Some(1));
    assert_eq!(mapping.field_of(1), Some(2));
    mapping.set(0, None);
    assert_eq!(mapping.fields()[0].confidence, Confidence::Missing);
}
