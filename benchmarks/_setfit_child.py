"""One fit of SetFit, in the Python of ``build/peers``: a request in, an answer out, both JSON files.

    build/peers/bin/python benchmarks/_setfit_child.py REQUEST.json ANSWER.json

The request has ``model`` (a folder in the layout of sentence-transformers), ``prefix``, ``threads``,
``seed``, ``texts``, ``labels`` and ``test_texts``; the answer ``labels`` of the test texts, ``seconds`` and
``versions``. Everything is at SetFit's defaults except what cannot change the result: no checkpoints, no
reports. The seconds are those of ``trainer.train()`` alone. Nothing of this project is imported here.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path


def main() -> None:
    request = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    # Read when the libraries are loaded, so before they are imported.
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(request["threads"])
    os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
    import torch

    torch.set_num_threads(request["threads"])
    from datasets import Dataset, disable_progress_bars
    from setfit import SetFitModel, Trainer, TrainingArguments

    disable_progress_bars()
    names = sorted(set(request["labels"]))
    rows = Dataset.from_dict(
        {
            "text": [request["prefix"] + text for text in request["texts"]],
            "label": [names.index(label) for label in request["labels"]],
        }
    )
    model = SetFitModel.from_pretrained(request["model"])
    # The texts carry the prefix already, in training too, where sentence-transformers would leave it out.
    model.model_body.default_prompt_name = None
    with tempfile.TemporaryDirectory() as scratch:
        arguments = TrainingArguments(
            output_dir=scratch,
            save_strategy="no",
            report_to="none",
            show_progress_bar=False,
            seed=request["seed"],
        )
        trainer = Trainer(model=model, args=arguments, train_dataset=rows)
        began = time.perf_counter()
        trainer.train()
        seconds = time.perf_counter() - began
    answers = model.predict([request["prefix"] + text for text in request["test_texts"]], as_numpy=True)
    answer = {
        "labels": [names[int(place)] for place in answers],
        "seconds": seconds,
        "versions": {name: version(name) for name in ("setfit", "sentence-transformers", "torch")},
    }
    Path(sys.argv[2]).write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main()
