"""sentence-transformers, asked over a pipe; runs with the Python that ``packaging/peers.sh`` makes.

    python _peer_encode.py MODEL_FOLDER THREADS

Reads one JSON object a line ({"texts": FILE of a JSON list, "out": FILE for the vectors}) and answers each
with {"seconds": ...}. Its own defaults: float32, batches of 32 sorted by length.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"


def main() -> None:
    import numpy as np
    import sentence_transformers
    import torch

    torch.set_num_threads(int(sys.argv[2]))
    model = sentence_transformers.SentenceTransformer(sys.argv[1], device="cpu")
    say({"ready": f"sentence-transformers {sentence_transformers.__version__}"})
    for line in sys.stdin:
        asked = json.loads(line)
        texts = json.loads(Path(asked["texts"]).read_text(encoding="utf-8"))
        began = time.perf_counter()
        vectors = model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        seconds = time.perf_counter() - began
        np.save(asked["out"], vectors.astype(np.float32))
        say({"seconds": seconds})


def say(record: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(record) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
