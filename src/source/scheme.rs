//! Schemes that keep a model's weights as packed codes with scales beside them (GPTQ, AWQ, bitsandbytes, …): named, so
//! that no code is ever measured as if it were a weight. Decoding them is another matter.
//!
//! A row a scheme: how its tensor of codes is told (the end of its name, its types, what stands beside it) and what the
//! tensors beside it are. The first row that fits decides, so the particular ones come first. What is left of whole
//! numbers is no weight either.
//! Cost: a look-up or two of a name for each tensor and row.
//!
//! Sources: the loaders of AutoGPTQ, AutoAWQ, compressed-tensors, bitsandbytes, mlx-lm, torchao, TensorRT Model Optimizer,
//! exllamav2 and v3, HQQ, AQLM, VPTQ, QuIP#, optimum-quanto, nunchaku; the model files of gpt-oss and DeepSeek-V3.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use safetensors::Dtype as Stored;
use serde_json::Value;

use super::tensor::{Dtype, Packed, Tensor};

/// A way of packing, as its files show it.
struct Scheme {
    name: &'static str,
    /// How the name of the tensor of codes ends; what stands before is the stem that its companions share.
    codes: &'static [&'static str],
    /// The types that the codes are stored as; empty: any.
    types: &'static [Stored],
    /// Companions of which one must be there; empty: the name of the codes tells enough.
    needs: &'static [&'static str],
    /// What a configuration beside the file calls it: then the companions may be missing (in another shard).
    methods: &'static [&'static str],
    /// What must hold beside; for schemes whose names are alike.
    applies: fn(&Parts<'_>) -> bool,
    /// What the codes are.
    what: &'static str,
    /// How the companions' names go on after the stem (`*`: anything may follow), and what they are.
    companions: &'static [(&'static str, &'static str)],
}

const ANY: Scheme =
    Scheme { name: "", codes: &[], types: &[], needs: &[], methods: &[], applies: |_| true, what: "", companions: &[] };

const FP8: &[Stored] = &[Stored::F8_E4M3, Stored::F8_E5M2, Stored::F8_E4M3FNUZ, Stored::F8_E5M2FNUZ];
const FP8_METHODS: &[&str] = &["fp8", "fbgemm_fp8", "compressed-tensors", "modelopt"];

#[rustfmt::skip]
static SCHEMES: &[Scheme] = &[
    Scheme {
        name: "SVDQuant", codes: &[".qweight"], types: &[Stored::I8], needs: &[".wscales", ".wtscale"],
        what: "SVDQuant codes, not weights",
        companions: &[(".wscales", "scales of SVDQuant"), (".wzeros", "zero points of SVDQuant"), (".wtscale", "a scale of SVDQuant"), (".wcscales", "scales of SVDQuant"), (".smooth*", "smoothing factors of SVDQuant"), (".proj_*", "packed low-rank part of SVDQuant"), (".lora_*", "packed low-rank part of SVDQuant")], ..ANY
    },
    Scheme {
        name: "AWQ", codes: &[".qweight"], types: &[Stored::I32], needs: &[".scales"], methods: &["awq"],
        // Codes are packed along the outputs, which the scales have in full.
        applies: |parts| parts.find(".g_idx").is_none() && parts.find(".scales").is_none_or(|scales| scales.row_len() > parts.codes.row_len()),
        what: "AWQ codes, not weights",
        companions: &[(".scales", "scales of AWQ"), (".qzeros", "zero points of AWQ")],
    },
    Scheme {
        name: "GPTQ", codes: &[".qweight"], types: &[Stored::I32], needs: &[".scales", ".qzeros", ".g_idx"], methods: &["gptq", "auto-round"],
        what: "GPTQ codes, not weights",
        companions: &[(".scales", "scales of GPTQ"), (".qzeros", "zero points of GPTQ"), (".g_idx", "order of groups of GPTQ"), (".perm", "order of columns of GPTQ")], ..ANY
    },
    Scheme {
        name: "compressed-tensors", codes: &[".weight_packed"], what: "compressed-tensors codes, not weights",
        companions: &[(".weight_scale*", "scales of compressed-tensors"), (".weight_zero_point", "zero points of compressed-tensors"), (".weight_shape", "a shape of compressed-tensors"), (".weight_global_scale", "a scale of compressed-tensors"), (".weight_g_idx", "order of groups of compressed-tensors"), (".input_*", "a scale of compressed-tensors"), (".output_*", "a scale of compressed-tensors")], ..ANY
    },
    Scheme {
        // The codes may be stored as any type: quant_storage.
        name: "bitsandbytes", codes: &[""], needs: &[".absmax"], what: "bitsandbytes codes, not weights",
        companions: &[(".absmax", "scales of bitsandbytes"), (".quant_map", "levels of bitsandbytes"), (".nested_absmax", "scales of the scales of bitsandbytes"), (".nested_quant_map", "levels of the scales of bitsandbytes"), (".quant_state*", "settings of bitsandbytes"), (".nested_*", "settings of bitsandbytes")], ..ANY
    },
    Scheme {
        name: "LLM.int8 of bitsandbytes", codes: &[".weight"], types: &[Stored::I8], needs: &[".SCB", ".weight.SCB"], what: "LLM.int8 codes, not weights",
        companions: &[(".SCB", "scales of LLM.int8"), (".CB", "codes of LLM.int8"), (".weight.SCB", "scales of LLM.int8"), (".weight_format", "a setting of LLM.int8"), (".weight.weight_format", "a setting of LLM.int8")], ..ANY
    },
    Scheme {
        name: "MLX", codes: &[".weight"], types: &[Stored::U32], needs: &[".scales"], methods: &["mlx"], what: "MLX codes, not weights",
        companions: &[(".scales", "scales of MLX"), (".biases", "minima of MLX")], ..ANY
    },
    Scheme {
        name: "MXFP4", codes: &["_blocks"], types: &[Stored::U8], needs: &["_scales"], what: "MXFP4 codes, not weights",
        companions: &[("_scales", "scales of MXFP4")], ..ANY
    },
    Scheme {
        name: "MXFP4", codes: &[".blocks"], types: &[Stored::U8], needs: &[".scales"], what: "MXFP4 codes, not weights",
        companions: &[(".scales", "scales of MXFP4")], ..ANY
    },
    Scheme {
        name: "NVFP4", codes: &[".weight"], types: &[Stored::U8], needs: &[".weight_scale_2"], what: "NVFP4 codes, not weights",
        companions: &[(".weight_scale*", "scales of NVFP4"), (".input_scale", "a scale of NVFP4"), (".pre_quant_scale", "smoothing factors of NVFP4")], ..ANY
    },
    Scheme {
        name: "torchao", codes: &["_qdata"], what: "torchao codes, not weights",
        companions: &[("_scale*", "scales of torchao"), ("_zero_point", "zero points of torchao"), ("_act_*", "scales of torchao")], ..ANY
    },
    Scheme {
        name: "torchao", codes: &[":qdata", ":_data", ":int_data", ":tensor_impl:int_data", ":tensor_impl:packed_weight"], what: "torchao codes, not weights",
        companions: &[(":*", "scales of torchao")], applies: |parts| parts.codes.dtype.is_integer() || parts.codes.is_stored_as(FP8), ..ANY
    },
    Scheme {
        name: "EXL2", codes: &[".q_weight"], types: &[Stored::I32], what: "EXL2 codes, not weights",
        companions: &[(".q_*", "scales and order of EXL2")], ..ANY
    },
    Scheme {
        name: "EXL3", codes: &[".trellis"], types: &[Stored::I16], what: "EXL3 codes, not weights",
        companions: &[(".su*", "signs of EXL3"), (".sv*", "signs of EXL3"), (".mcg*", "a setting of EXL3"), (".mul1*", "a setting of EXL3")], ..ANY
    },
    Scheme {
        name: "HQQ", codes: &[".W_q"], what: "HQQ codes, not weights",
        companions: &[(".scale*", "scales of HQQ"), (".zero*", "zero points of HQQ"), (".meta*", "scales and settings of HQQ")], ..ANY
    },
    Scheme {
        name: "AQLM", codes: &[".codes"], needs: &[".codebooks"], what: "AQLM codes, not weights",
        companions: &[(".codebooks", "codebooks of AQLM"), (".scales", "scales of AQLM")], ..ANY
    },
    Scheme {
        name: "VPTQ", codes: &[".indices"], needs: &[".centroids*"], what: "VPTQ codes, not weights",
        companions: &[(".centroids*", "codebooks of VPTQ"), (".res_*", "codebooks of VPTQ"), (".outlier_*", "codebooks of VPTQ"), (".weight_scale", "scales of VPTQ"), (".weight_bias", "minima of VPTQ"), (".perm", "order of columns of VPTQ")], ..ANY
    },
    Scheme {
        name: "QuIP#", codes: &[".Qidxs"], what: "QuIP# codes, not weights",
        companions: &[(".SU", "signs of QuIP#"), (".SV", "signs of QuIP#"), (".Wscale", "a scale of QuIP#"), (".codebook_id", "a setting of QuIP#")], ..ANY
    },
    Scheme {
        name: "Quanto", codes: &["._data"], what: "Quanto codes, not weights",
        companions: &[("._scale", "scales of Quanto"), ("._shift", "zero points of Quanto"), ("._zeropoint", "zero points of Quanto")],
        applies: |parts| parts.codes.dtype.is_integer() || parts.codes.is_stored_as(FP8), ..ANY
    },
    Scheme {
        name: "FP8 with scales", codes: &[".weight"], types: FP8, methods: FP8_METHODS,
        needs: &[".weight_scale*", ".scale_weight", ".scale", ".scales", ".weight_inv_scale"],
        what: "FP8 codes, weights only times their scales",
        companions: &[(".weight_scale*", "scales of FP8"), (".scale_weight", "a scale of FP8"), (".scale", "scales of FP8"), (".scales", "scales of FP8"), (".weight_inv_scale", "scales of FP8"), (".input_scale*", "a scale of FP8"), (".scale_input", "a scale of FP8"), (".activation_scale*", "a scale of FP8"), (".output_scale", "a scale of FP8"), (".act_scale", "a scale of FP8"), (".comfy_quant", "a setting of FP8")], ..ANY
    },
    Scheme {
        name: "FP8 with scales", codes: &[""], types: FP8, methods: FP8_METHODS, needs: &["_scale*", ".scale*"],
        what: "FP8 codes, weights only times their scales",
        companions: &[("_scale*", "scales of FP8"), (".scale*", "scales of FP8"), ("_input_scale", "a scale of FP8")], ..ANY
    },
    Scheme {
        name: "integers with scales", codes: &[".weight"], types: &[Stored::I8, Stored::U8, Stored::I32, Stored::U32, Stored::I16, Stored::U16],
        needs: &[".weight_scale*", ".scale*", ".qscale*", ".zeros", ".zero_point"],
        what: "packed codes, not weights",
        companions: &[(".weight_scale*", "scales of packed codes"), (".scale*", "scales of packed codes"), (".qscale*", "scales of packed codes"), (".weight_zero_point*", "zero points of packed codes"), (".zeros", "zero points of packed codes"), (".zero_point", "zero points of packed codes"), (".input_scale*", "a scale of packed codes"), (".input_zero_point", "a zero point of packed codes")], ..ANY
    },
];

/// Whole numbers of two dimensions under such an ending are codes of a scheme that has no row.
const LIKE_WEIGHTS: &[&str] = &["weight", "qweight", "weight_packed", "q_weight", "packed_weight", "codes", "kernel"];
/// Ends of names that a scheme's single scales have, wherever they stand.
const LONE_SCALES: &[&str] = &["k_scale", "v_scale", "q_scale", "prob_output_scale", "kv_scale", "scaled_fp8"];

/// A tensor of codes and what stands beside it.
struct Parts<'a> {
    codes: &'a Tensor,
    stem: &'a str,
    all: &'a [Tensor],
    places: &'a BTreeMap<&'a str, usize>,
}

impl Parts<'_> {
    fn find(&self, companion: &str) -> Option<&Tensor> {
        self.places_of(companion).first().and_then(|at| self.all.get(*at))
    }

    /// The places of the tensors whose names go on so after the stem, the codes themselves left out.
    fn places_of(&self, companion: &str) -> Vec<usize> {
        let (part, open) = companion.strip_suffix('*').map_or((companion, false), |part| (part, true));
        let name = format!("{}{part}", self.stem);
        let from = self.places.range(name.as_str()..).map(|(other, at)| (*other, *at));
        from.take_while(|(other, _)| if open { other.starts_with(&name) } else { *other == name })
            .filter(|(other, _)| *other != self.codes.name)
            .map(|(_, at)| at)
            .collect()
    }
}

impl Scheme {
    fn fits(&self, parts: &Parts<'_>, method: Option<&str>) -> bool {
        let typed = self.types.is_empty() || parts.codes.is_stored_as(self.types);
        let named = method.is_some_and(|method| self.methods.contains(&method));
        let is_marked = self.needs.is_empty() || named || self.needs.iter().any(|part| parts.find(part).is_some());
        typed && is_marked && (self.applies)(parts)
    }
}

/// Notes on each tensor what it is where it holds no plain weights, as the configuration's `method` helps to tell.
pub fn mark(tensors: &mut [Tensor], method: Option<&str>) {
    let packed = find(tensors, method);
    tensors.iter_mut().zip(packed).for_each(|(tensor, packed)| tensor.packed = packed);
}

fn find(tensors: &[Tensor], method: Option<&str>) -> Vec<Option<Packed>> {
    let places: BTreeMap<&str, usize> = tensors.iter().enumerate().map(|(at, t)| (t.name.as_str(), at)).collect();
    let mut packed_as: Vec<Option<Packed>> = vec![None; tensors.len()];
    for scheme in SCHEMES {
        let packed = |what| Some(Packed { scheme: Some(scheme.name), what });
        for (at, codes) in tensors.iter().enumerate() {
            let stems = scheme.codes.iter().filter_map(|ending| codes.name.strip_suffix(ending));
            let parts = |stem| Parts { codes, stem, all: tensors, places: &places };
            if packed_as[at].is_some() {
                continue;
            }
            let Some(parts) = stems.map(parts).find(|parts| scheme.fits(parts, method)) else { continue };
            packed_as[at] = packed(scheme.what);
            for (companion, what) in scheme.companions {
                for at in parts.places_of(companion) {
                    packed_as[at] = packed_as[at].or(packed(what));
                }
            }
        }
    }
    let any = packed_as.iter().flatten().next().copied();
    for (tensor, packed_as) in tensors.iter().zip(&mut packed_as) {
        let last = tensor.name.rsplit('.').next().unwrap_or_default();
        let lone = any.filter(|_| LONE_SCALES.contains(&last));
        *packed_as = packed_as
            .or_else(|| lone.map(|any| Packed { what: "a scale of packed codes", ..any }))
            .or_else(|| whole_numbers(tensor, last));
    }
    packed_as
}

fn whole_numbers(tensor: &Tensor, last: &str) -> Option<Packed> {
    let what = match tensor.dtype {
        _ if !tensor.dtype.is_integer() => return None,
        Dtype::Plain(Stored::BOOL) => "true or false, not weights",
        _ if tensor.shape.len() >= 2 && LIKE_WEIGHTS.contains(&last) => {
            return Some(Packed { scheme: Some("a scheme unknown here"), what: "packed codes, not weights" });
        }
        _ => "whole numbers, not weights",
    };
    Some(Packed { scheme: None, what })
}

/// The schemes of a model's tensors, each once.
pub(super) fn names(tensors: &[Tensor]) -> Vec<&'static str> {
    Vec::from_iter(tensors.iter().filter_map(|t| t.packed?.scheme).collect::<BTreeSet<_>>())
}

/// What is to be said of a model that has packed tensors.
pub(super) fn sentence(tensors: &[Tensor]) -> Option<String> {
    let names = names(tensors);
    let count = tensors.iter().filter(|t| t.packed.is_some_and(|p| p.scheme.is_some())).count();
    (count > 0).then(|| {
        format!(
            "{count} of its {} tensors are packed by {}: codes, scales and the like, not weights; they are listed, not \
             measured and not converted",
            tensors.len(),
            names.join(" and ")
        )
    })
}

/// No configuration is larger than this.
const MOST_BYTES: u64 = 4 << 20;

/// What the configuration beside a file says of how the model is quantized, where there is one that does.
///
/// # Errors
/// A sentence for people: it is there and cannot be read.
pub(super) fn method_beside(path: Option<&Path>) -> Result<Option<String>, String> {
    let Some(path) = path.and_then(Path::parent).map(|folder| folder.join("config.json")) else { return Ok(None) };
    if !std::fs::metadata(&path).is_ok_and(|info| info.is_file() && info.len() <= MOST_BYTES) {
        return Ok(None);
    }
    let read = std::fs::read(path).and_then(|bytes| Ok(serde_json::from_slice(&bytes)?));
    let config: Value =
        read.map_err(|e| format!("what config.json says of it is not known: it cannot be read ({e})"))?;
    let named = config["quantization_config"]["quant_method"].as_str().map(str::to_lowercase);
    // mlx-lm writes its own key.
    Ok(named.or_else(|| config["quantization"]["bits"].is_number().then(|| "mlx".to_owned())))
}
