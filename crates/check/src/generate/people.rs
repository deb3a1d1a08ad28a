//! People who do not exist, with names that could.

use rand::RngExt;
use rand::rngs::Xoshiro256PlusPlus as Random;
use rand::seq::IndexedRandom;

use super::Language;

struct Names {
    first: &'static [&'static str],
    middle: &'static [&'static str],
    last: &'static [&'static str],
    /// Stand before a last name now and then.
    particles: &'static [&'static str],
}

const BRAZIL: Names = Names {
    first: &[
        "Ana",
        "Antônia",
        "Beatriz",
        "Bruna",
        "Camila",
        "Cecília",
        "Débora",
        "Fernanda",
        "Helena",
        "Inês",
        "Isabela",
        "Joana",
        "Júlia",
        "Larissa",
        "Letícia",
        "Luísa",
        "Márcia",
        "Mariana",
        "Natália",
        "Patrícia",
        "Renata",
        "Sílvia",
        "Tainá",
        "Vitória",
        "André",
        "Antônio",
        "Caio",
        "Cauã",
        "Cláudio",
        "Davi",
        "Diego",
        "Eduardo",
        "Fábio",
        "Felipe",
        "Flávio",
        "Gustavo",
        "Henrique",
        "Igor",
        "João",
        "Jonas",
        "José",
        "Júlio",
        "Leandro",
        "Luís",
        "Marcos",
        "Mário",
        "Mateus",
        "Otávio",
        "Paulo",
        "Rafael",
        "Sérgio",
        "Thiago",
        "Vinícius",
        "Yuri",
    ],
    middle: &[
        "Aparecida",
        "Lúcia",
        "Maria",
        "Cristina",
        "Carlos",
        "Henrique",
        "Augusto",
        "Eduarda",
        "Luiza",
        "Antônio",
    ],
    last: &[
        "Almeida",
        "Alves",
        "Amaral",
        "Araújo",
        "Assunção",
        "Azevedo",
        "Barbosa",
        "Batista",
        "Borges",
        "Brandão",
        "Brito",
        "Cardoso",
        "Carvalho",
        "Castro",
        "Conceição",
        "Costa",
        "Cunha",
        "Dias",
        "Esteves",
        "Falcão",
        "Farias",
        "Fernandes",
        "Ferreira",
        "Figueirêdo",
        "Fonseca",
        "Freitas",
        "Galvão",
        "Gomes",
        "Gonçalves",
        "Guimarães",
        "Leão",
        "Lima",
        "Lopes",
        "Magalhães",
        "Marques",
        "Martins",
        "Melo",
        "Monteiro",
        "Moraes",
        "Moreira",
        "Nascimento",
        "Nogueira",
        "Oliveira",
        "Peixoto",
        "Pereira",
        "Pinto",
        "Ramos",
        "Ribeiro",
        "Rocha",
        "Sá",
        "Sampaio",
        "Santana",
        "Santos",
        "Silva",
        "Simões",
        "Souza",
        "Teixeira",
        "Vasconcelos",
        "Viana",
        "Xavier",
    ],
    particles: &["da", "de", "dos", "do", "e"],
};

const ENGLISH: Names = Names {
    first: &[
        "Abigail",
        "Alice",
        "Amelia",
        "Charlotte",
        "Chloe",
        "Eleanor",
        "Emily",
        "Grace",
        "Hannah",
        "Isla",
        "Jessica",
        "Lucy",
        "Megan",
        "Olivia",
        "Rachel",
        "Sophie",
        "Zoë",
        "Adam",
        "Alexander",
        "Benjamin",
        "Callum",
        "Daniel",
        "Edward",
        "Ethan",
        "George",
        "Harry",
        "Jack",
        "James",
        "Liam",
        "Matthew",
        "Noah",
        "Oliver",
        "Ryan",
        "Samuel",
        "Thomas",
        "William",
    ],
    middle: &[
        "Anne", "Jane", "Marie", "Rose", "James", "John", "Lee", "Robert",
    ],
    last: &[
        "Adams", "Baker", "Bennett", "Brown", "Campbell", "Carter", "Clark", "Collins", "Cooper",
        "Davies", "Edwards", "Evans", "Fletcher", "Foster", "Graham", "Green", "Hall", "Harris",
        "Hughes", "Jackson", "Johnson", "Jones", "Kelly", "King", "Lewis", "Martin", "Mitchell",
        "Moore", "Morgan", "O'Brien", "O'Connor", "Parker", "Phillips", "Reed", "Roberts", "Scott",
        "Shaw", "Smith", "Stewart", "Taylor", "Thompson", "Turner", "Walker", "Ward", "Watson",
        "White", "Wilson", "Wood", "Wright", "Young",
    ],
    particles: &[],
};

const SPANISH: Names = Names {
    first: &[
        "Alejandra",
        "Ángela",
        "Begoña",
        "Carmen",
        "Catalina",
        "Elena",
        "Inés",
        "Jimena",
        "Lucía",
        "María",
        "Noemí",
        "Paula",
        "Rocío",
        "Sofía",
        "Valentina",
        "Verónica",
        "Adrián",
        "Agustín",
        "Álvaro",
        "Andrés",
        "Carlos",
        "César",
        "Diego",
        "Emilio",
        "Fermín",
        "Gonzalo",
        "Hernán",
        "Iván",
        "Javier",
        "Joaquín",
        "José",
        "Julián",
        "Martín",
        "Nicolás",
        "Óscar",
        "Pablo",
        "Ramón",
        "Sebastián",
        "Tomás",
        "Víctor",
    ],
    middle: &[
        "Luisa", "Isabel", "Belén", "Fernanda", "Luis", "Antonio", "Manuel", "Ignacio",
    ],
    last: &[
        "Aguilar",
        "Álvarez",
        "Benítez",
        "Blanco",
        "Cáceres",
        "Castillo",
        "Castro",
        "Cortés",
        "Delgado",
        "Díaz",
        "Domínguez",
        "Fernández",
        "Flores",
        "García",
        "Gómez",
        "González",
        "Guerrero",
        "Gutiérrez",
        "Hernández",
        "Herrera",
        "Ibáñez",
        "Jiménez",
        "López",
        "Martínez",
        "Medina",
        "Méndez",
        "Molina",
        "Morales",
        "Moreno",
        "Muñoz",
        "Navarro",
        "Núñez",
        "Ortega",
        "Ortiz",
        "Peña",
        "Pérez",
        "Ramírez",
        "Ramos",
        "Reyes",
        "Ríos",
        "Rodríguez",
        "Rojas",
        "Romero",
        "Ruiz",
        "Sánchez",
        "Soto",
        "Suárez",
        "Torres",
        "Vázquez",
        "Vega",
    ],
    particles: &["de la", "del", "de"],
};

impl Language {
    fn names(self) -> &'static Names {
        match self {
            Self::Portuguese => &BRAZIL,
            Self::English => &ENGLISH,
            Self::Spanish => &SPANISH,
        }
    }
}

/// First, perhaps a second, one or two last names.
pub fn name(random: &mut Random, language: Language) -> String {
    let names = language.names();
    let mut name = one(random, names.first).to_owned();
    let mut add = |words: &str| {
        name.push(' ');
        name.push_str(words);
    };
    if random.random_bool(0.25) {
        add(one(random, names.middle));
    }
    if !names.particles.is_empty() && random.random_bool(0.2) {
        add(one(random, names.particles));
    }
    add(one(random, names.last));
    if language != Language::English {
        add(one(random, names.last));
    }
    name
}

/// `ana.lima` of "Ana Lúcia da Silva Lima".
pub fn mailbox(name: &str) -> String {
    let folded = crate::fold::fold(&name.replace(['\'', '-'], ""));
    let first = folded.split(' ').next().unwrap_or_default();
    let last = folded.rsplit(' ').next().unwrap_or_default();
    format!("{first}.{last}")
}

/// In E.164. English ones are of the range kept for fiction.
pub fn phone(random: &mut Random, language: Language) -> String {
    match language {
        Language::Portuguese => {
            let areas = [
                "11", "19", "21", "27", "31", "41", "48", "51", "61", "62", "71", "81", "85", "91",
            ];
            let area = one(random, &areas);
            format!(
                "+55{area}9{}",
                random.random_range(60_000_000..99_999_999_u32)
            )
        }
        Language::English => {
            let areas = [
                "202", "212", "303", "312", "404", "415", "512", "617", "713", "206",
            ];
            let area = one(random, &areas);
            format!("+1{area}55501{:02}", random.random_range(0..100_u32))
        }
        Language::Spanish => format!("+346{}", random.random_range(10_000_000..99_999_999_u32)),
    }
}

pub fn job(random: &mut Random, language: Language) -> &'static str {
    let jobs: &[&str] = match language {
        Language::Portuguese => &[
            "Analista de dados",
            "Analista financeiro",
            "Assistente administrativo",
            "Auxiliar de produção",
            "Coordenadora de RH",
            "Desenvolvedor",
            "Engenheira civil",
            "Estagiário",
            "Gerente de contas",
            "Operador de máquinas",
            "Recepcionista",
            "Técnico de segurança",
            "Vendedora",
        ],
        Language::English => &[
            "Account manager",
            "Accountant",
            "Data analyst",
            "HR partner",
            "Intern",
            "Machine operator",
            "Marketing lead",
            "Receptionist",
            "Sales representative",
            "Software engineer",
            "Support specialist",
        ],
        Language::Spanish => &[
            "Administrativa",
            "Analista de datos",
            "Contable",
            "Desarrollador",
            "Ingeniera",
            "Jefa de ventas",
            "Operario",
            "Recepcionista",
            "Técnico de soporte",
            "Vendedor",
        ],
    };
    one(random, jobs)
}

pub fn one<'a>(random: &mut Random, of: &[&'a str]) -> &'a str {
    of.choose(random).copied().unwrap_or_default()
}
