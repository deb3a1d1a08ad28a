//! What goes wrong in lists of people.

use rand::RngExt;
use rand::rngs::Xoshiro256PlusPlus as Random;
use rand::seq::IndexedRandom;
use serde::{Deserialize, Serialize};

use super::{Cells, Language, Roster, at, manager_of, people};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// No @ in the e-mail.
    EmailWithoutAt,
    /// `(at)` in its place.
    EmailSpelt,
    /// `gmial.com`.
    EmailMistyped,
    EmailCapitals,
    /// The e-mail of the row before.
    EmailTwice,
    EmailMissing,
    /// At a domain that the registry refuses and no rule of the schema does.
    EmailBlocked,
    DocumentMissing,
    /// The document of the row before.
    DocumentTwice,
    DocumentWithoutZero,
    DocumentMistyped,
    DepartmentAlias,
    DepartmentUnknown,
    DateAsWritten,
    DateImpossible,
    HiredBeforeBirth,
    NameCapitals,
    NameSpaces,
    NameMissing,
    PhoneAsWritten,
    PhoneCut,
    SalaryAsWritten,
}

use Fault as F;

/// Each as often as it stands here. A seventh of all faults only the registry sees.
const OFTEN: [Fault; 35] = [
    F::EmailBlocked,
    F::EmailBlocked,
    F::EmailBlocked,
    F::EmailBlocked,
    F::EmailBlocked,
    F::EmailWithoutAt,
    F::EmailSpelt,
    F::EmailMistyped,
    F::EmailCapitals,
    F::EmailTwice,
    F::EmailMissing,
    F::DocumentMissing,
    F::DocumentTwice,
    F::DocumentMistyped,
    F::DocumentWithoutZero,
    F::DocumentWithoutZero,
    F::DocumentWithoutZero,
    F::DepartmentAlias,
    F::DepartmentAlias,
    F::DepartmentAlias,
    F::DepartmentUnknown,
    F::DateAsWritten,
    F::DateAsWritten,
    F::DateAsWritten,
    F::DateAsWritten,
    F::DateImpossible,
    F::HiredBeforeBirth,
    F::NameCapitals,
    F::NameCapitals,
    F::NameSpaces,
    F::NameSpaces,
    F::NameMissing,
    F::PhoneAsWritten,
    F::PhoneCut,
    F::SalaryAsWritten,
];

impl Fault {
    /// The cell that it is in.
    pub fn column(self) -> usize {
        match self {
            F::EmailWithoutAt
            | F::EmailSpelt
            | F::EmailMistyped
            | F::EmailCapitals
            | F::EmailTwice
            | F::EmailMissing
            | F::EmailBlocked => at::EMAIL,
            F::DocumentMissing
            | F::DocumentTwice
            | F::DocumentWithoutZero
            | F::DocumentMistyped => at::DOCUMENT,
            F::DepartmentAlias | F::DepartmentUnknown => at::DEPARTMENT,
            F::DateAsWritten | F::DateImpossible => at::BIRTH,
            F::HiredBeforeBirth => at::HIRE,
            F::NameCapitals | F::NameSpaces | F::NameMissing => at::NAME,
            F::PhoneAsWritten | F::PhoneCut => at::PHONE,
            F::SalaryAsWritten => at::SALARY,
        }
    }
}

impl Roster {
    /// Puts one fault into the row, in another cell than the one that is spoilt already.
    pub(super) fn spoil(
        &self,
        cells: &mut Cells,
        row: u32,
        beside: Option<Fault>,
        random: &mut Random,
    ) -> Fault {
        // Managers keep their addresses: others' rows refer to them.
        let is_manager = row <= manager_of(self.rows);
        let fits = |fault: &Fault| {
            let column = fault.column();
            let date = |column| column == at::BIRTH || column == at::HIRE;
            let beside = beside.map(Fault::column);
            !(beside == Some(column)
                || beside.is_some_and(|other| date(other) && date(column))
                || (is_manager && column == at::EMAIL)
                || (row == 1 && matches!(fault, F::EmailTwice | F::DocumentTwice)))
        };
        let fitting: Vec<Fault> = OFTEN.into_iter().filter(fits).collect();
        let fault = fitting.choose(random).copied().unwrap_or(F::NameCapitals);
        let cell = &mut cells[fault.column()];
        let spoilt = self.spoilt(fault, cell, row, random);
        *cell = spoilt;
        fault
    }

    fn spoilt(&self, fault: Fault, cell: &str, row: u32, random: &mut Random) -> String {
        let mailbox = || cell.split('@').next().unwrap_or_default();
        match fault {
            F::EmailMissing | F::DocumentMissing | F::NameMissing => String::new(),
            F::EmailWithoutAt => cell.replace('@', "."),
            F::EmailSpelt => {
                cell.replace('@', people::one(random, &["(at)", " at ", "#", " (at) "]))
            }
            F::EmailMistyped => format!(
                "{}@{}",
                mailbox(),
                people::one(
                    random,
                    &["gmial.com", "hotmal.com", "gmail.con", "outlok.com"]
                )
            ),
            F::EmailCapitals => cell.to_uppercase(),
            F::EmailTwice => self.email(row - 1),
            F::EmailBlocked => format!("{}@mailinator.com", mailbox()),
            F::DocumentTwice => self.person(row - 1)[at::DOCUMENT].clone(),
            F::DocumentWithoutZero => self.document(row, true).trim_start_matches('0').to_owned(),
            F::DocumentMistyped => mistyped(cell),
            F::DepartmentAlias => alias(cell, random),
            F::DepartmentUnknown => people::one(
                random,
                &["Logística", "Almoxarifado", "Warehouse", "Jardinagem"],
            )
            .to_owned(),
            F::DateAsWritten => self.date_as_written(cell),
            F::DateImpossible => match self.language {
                Language::English => format!("02/31/{}", &cell[..4]),
                _ => format!("31/02/{}", &cell[..4]),
            },
            F::HiredBeforeBirth => format!(
                "19{}-0{}-1{}",
                random.random_range(51..58_u32),
                random.random_range(1..10_u32),
                random.random_range(0..10_u32)
            ),
            F::NameCapitals => cell.to_uppercase(),
            F::NameSpaces => match random.random_range(0..3) {
                0 => format!(" {cell}"),
                1 => format!("{cell}  "),
                _ => cell.replacen(' ', "  ", 1),
            },
            F::PhoneAsWritten => self.phone_as_written(random),
            F::PhoneCut => people::phone(random, self.language)[..9].to_owned(),
            F::SalaryAsWritten => self.salary_as_written(cell),
        }
    }

    fn date_as_written(&self, iso: &str) -> String {
        let (year, month, day) = (&iso[..4], &iso[5..7], &iso[8..10]);
        match self.language {
            Language::English => format!("{month}/{day}/{year}"),
            _ => format!("{day}/{month}/{year}"),
        }
    }

    fn phone_as_written(&self, random: &mut Random) -> String {
        let phone = people::phone(random, self.language);
        match self.language {
            Language::Portuguese => {
                format!("({}) {}-{}", &phone[3..5], &phone[5..10], &phone[10..])
            }
            Language::English => format!("+1 ({}) {}-{}", &phone[2..5], &phone[5..8], &phone[8..]),
            Language::Spanish => format!("+34 {} {} {}", &phone[3..6], &phone[6..9], &phone[9..]),
        }
    }

    fn salary_as_written(&self, amount: &str) -> String {
        let whole = amount.split('.').next().unwrap_or_default();
        let (thousands, rest) = whole.split_at(whole.len().saturating_sub(3));
        let point = if thousands.is_empty() { "" } else { "." };
        match self.language {
            Language::Portuguese => format!("R$ {thousands}{point}{rest},00"),
            Language::Spanish => format!("{thousands}{point}{rest},00 €"),
            Language::English => format!("${thousands}{}{rest}.00", point.replace('.', ",")),
        }
    }
}

/// The last check digit one higher.
fn mistyped(document: &str) -> String {
    let mut document = document.to_owned();
    let last = document.pop().and_then(|c| c.to_digit(10)).unwrap_or(0);
    document.push(char::from_digit((last + 1) % 10, 10).unwrap_or('0'));
    document
}

fn alias(department: &str, random: &mut Random) -> String {
    let aliases: &[&str] = match department {
        "Engenharia" => &["Engineering", "Eng", "ENGENHARIA"],
        "Vendas" => &["Sales", "Comercial", "vendas"],
        "Financeiro" => &["Finance", "Finanças", "FINANCEIRO"],
        "Marketing" => &["Mkt", "marketing"],
        "Suporte" => &["Support", "Atendimento", "Soporte"],
        "Jurídico" => &["Legal", "Juridico"],
        "RH" => &["HR", "Recursos Humanos", "rh"],
        _ => &["Operations", "Operacoes", "Ops"],
    };
    people::one(random, aliases).to_owned()
}
