//! Headers as sets of ideas, so that "Dt. Nasc.", "Birth date" and "Fecha de nacimiento" are one.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use crate::fold::fold_header;

/// What a word of a header stands for. Words that are in no line stand for themselves.
const IDEAS: [(&str, &str); 35] = [
    ("date", "date data dt fecha fec fch dia day"),
    (
        "birth",
        "birth nascimento nasc nacimiento nac birthday born birthdate aniversario \
         cumpleanos dob",
    ),
    (
        "hire",
        "hire hired hiring admissao adm admission ingreso contratacao contratacion start \
         inicio joining joined join alta entrada incorporacion contrato onboarding",
    ),
    (
        "leave",
        "end termination desligamento demissao baja salida saida rescisao egreso leaving",
    ),
    ("name", "name nome nombre"),
    ("full", "full completo complete completa"),
    ("first", "first primeiro primer given pila forename"),
    (
        "last",
        "last surname sobrenome apellido apellidos ultimo family",
    ),
    ("social", "social preferred apelido nickname guerra"),
    (
        "kin",
        "mae pai madre padre conjuge mother father spouse dependente filho beneficiario",
    ),
    ("emergency", "emergencia emergency recado"),
    (
        "employee",
        "employee emp empregado funcionario func colaborador empleado worker staff \
         trabajador associado trabalhador servidor person pessoa persona associate",
    ),
    (
        "number",
        "number num no nr nro numero code codigo cod id identifier identificador n",
    ),
    (
        "enrolment",
        "matricula chapa legajo nomina badge registro re drt cracha expediente",
    ),
    ("email", "email mail correo correio"),
    (
        "manager",
        "manager gestor gestora supervisor lider leader lead chefe chefia jefe boss \
         superior responsavel responsable gerente coordenador reports supervisora mgr",
    ),
    ("cpf", "cpf"),
    (
        "rg",
        "rg identidade ctps cnh pis pasep nis cnpj passport passaporte",
    ),
    ("document", "document documento doc dni nif curp rfc tax"),
    (
        "phone",
        "phone telefone tel fone telefono celular cell mobile movil cel whatsapp contato \
         contacto cellphone telephone tlf telf wpp zap",
    ),
    (
        "department",
        "department departamento dept depto dpto dep area setor sector seccion team \
         equipe equipo unidade unidad division diretoria gerencia",
    ),
    (
        "job",
        "job cargo position puesto funcao role title ocupacao ocupacion titulo posicao \
         cbo",
    ),
    (
        "salary",
        "salary salario sueldo pay wage remuneracao remuneracion vencimento compensation \
         ordenado",
    ),
    ("language", "language idioma lingua lang locale lengua"),
    (
        "personal",
        "personal pessoal particular private home residencial casa",
    ),
    (
        "work",
        "work corporativo corporate trabalho trabajo empresa company laboral \
         institucional corporativa business profissional office",
    ),
    ("user", "user usuario username login"),
    (
        "address",
        "endereco address direccion domicilio rua bairro cep zip city cidade ciudad",
    ),
    ("cost", "custo cost coste centro center"),
    (
        "status",
        "status situacao situacion ativo active activo estado",
    ),
    (
        "base",
        "base bruto gross mensal mensual monthly nominal annual anual",
    ),
    (
        "direct",
        "direct directo direto imediato immediate inmediato line",
    ),
    (
        "electronic",
        "eletronico electronico electronic electronica",
    ),
    (
        "",
        "de do da dos das of the del la el los las o a y e to em en per para for and s dd \
         mm aaaa yyyy aa yy r brl usd eur required obrigatorio obligatorio campo field 1 \
         principal main primary",
    ),
    (
        "second",
        "2 3 second secundario alternativo alternate other outro otro old antigo",
    ),
];

/// How much an idea says. What is not here says 1.
const WEIGHTS: [(&str, f32); 9] = [
    ("employee", 0.25),
    ("full", 0.25),
    ("work", 0.15),
    ("number", 0.4),
    ("date", 0.5),
    ("electronic", 0.05),
    ("base", 0.2),
    ("direct", 0.15),
    ("second", 0.3),
];

static WORDS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let words = |(idea, words): &(&'static str, &'static str)| {
        let idea = *idea;
        words.split_whitespace().map(move |word| (word, idea))
    };
    IDEAS.iter().flat_map(words).collect()
});

/// A header or a phrase, folded, and its ideas with their weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Phrase {
    pub folded: String,
    ideas: BTreeMap<String, f32>,
}

impl Phrase {
    pub fn new(text: &str) -> Self {
        let folded = fold_header(text);
        let joined = format!(" {folded} ").replace(" e mail ", " email ");
        let mut ideas = BTreeMap::new();
        for word in joined.split_whitespace() {
            if word == "dob" {
                ideas.insert("date".to_owned(), weight("date"));
            }
            let idea = idea_of(word);
            if !idea.is_empty() {
                let weight = weight(&idea);
                ideas.insert(idea, weight);
            }
        }
        // "E-mail address" is no place.
        if ideas.contains_key("email") {
            ideas.remove("address");
        }
        Self { folded, ideas }
    }

    pub fn has(&self, idea: &str) -> bool {
        self.ideas.contains_key(idea)
    }

    /// 1 where both say the same, 0 where they have nothing in common.
    pub fn likeness(&self, other: &Self) -> f32 {
        if self.folded.is_empty() || other.folded.is_empty() {
            return 0.0;
        }
        if self.folded == other.folded {
            return 1.0;
        }
        let (mut common, mut all) = (0.0, 0.0);
        for (idea, weight) in &self.ideas {
            all += weight;
            if other.ideas.contains_key(idea) {
                common += weight;
            }
        }
        let rest = other
            .ideas
            .iter()
            .filter(|(idea, _)| !self.ideas.contains_key(*idea));
        all += rest.map(|(_, weight)| weight).sum::<f32>();
        let by_ideas = if all > 0.0 { common / all * 0.97 } else { 0.0 };
        let letters = strsim::jaro_winkler(&self.folded, &other.folded) as f32;
        let by_letters = if letters > 0.93 { letters * 0.8 } else { 0.0 };
        by_ideas.max(by_letters)
    }
}

fn weight(idea: &str) -> f32 {
    let known = WEIGHTS.iter().find(|(known, _)| *known == idea);
    known.map_or(1.0, |(_, weight)| *weight)
}

/// A word that is nearly one we know is taken for it; another stands for itself.
fn idea_of(word: &str) -> String {
    if let Some(idea) = WORDS.get(word) {
        return (*idea).to_owned();
    }
    if word.len() >= 5 {
        let singular = word.strip_suffix('s').and_then(|word| WORDS.get(word));
        let near = || {
            let near = |known: &&&str| known.len() >= 5 && strsim::osa_distance(known, word) == 1;
            let mut words: Vec<&&str> = WORDS.keys().filter(near).collect();
            words.sort_unstable();
            words.first().and_then(|known| WORDS.get(**known))
        };
        if let Some(idea) = singular.or_else(near) {
            return (*idea).to_owned();
        }
    }
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_of_three_languages_are_alike() {
        for (a, b) in [
            ("Dt. Nasc.", "Birth date"),
            ("Fecha de nacimiento", "data de nascimento"),
            ("startDate", "Data de admissão"),
            ("E-mail do gestor", "Correo del jefe"),
            ("CELULAR", "phone"),
            ("Depto.", "Área"),
        ] {
            assert!(Phrase::new(a).likeness(&Phrase::new(b)) > 0.9, "{a} / {b}");
        }
    }

    #[test]
    fn words_that_change_the_meaning_count() {
        for (a, b) in [
            ("Nome da mãe", "nome"),
            ("E-mail do gestor", "e-mail"),
            ("Data de desligamento", "data de admissão"),
            ("Código", "cpf"),
            ("Centro de custo", "área"),
        ] {
            assert!(Phrase::new(a).likeness(&Phrase::new(b)) <= 0.5, "{a} / {b}");
        }
    }

    #[test]
    fn a_word_has_one_meaning() {
        let words: usize = IDEAS
            .iter()
            .map(|(_, words)| words.split_whitespace().count())
            .sum();
        assert_eq!(words, WORDS.len());
    }
}
