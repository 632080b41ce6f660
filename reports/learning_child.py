"""The process that learns which category words speak of: scikit-learn, without Django or database. Run only by `learning.learn`.

In on stdin: {"rows": [[lemmas joined by spaces, category], …], "held": share that is held out, "seed": whole number}.
Out on stdout: {"held": [indexes of the rows that were held out], "said": [what was said of each], "model": see `learned`}.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from typing import Any

MEMORY, CPU_SECONDS = 3 * 1024**3, 280
MOST_WORDS = 5_000
"""The commonest lemmas; with thirty categories the file stays below two megabytes."""
DIGITS = 3
FOLDS = 5
TEMPERATURES = [round(0.1 * 1.15**n, 4) for n in range(30)]
"""From 0.1 to 5.8: below 1 the model was too modest, above too bold."""


def limit() -> None:
    """Address space, CPU time, no core dump; one thread, for two would reserve more and gain little."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"


def pipeline() -> Any:
    """Lemmas weighed by how rare they are, then one linear weight for each lemma and category."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    words = TfidfVectorizer(analyzer=str.split, sublinear_tf=True, min_df=2, max_features=MOST_WORDS)
    return make_pipeline(words, LogisticRegression(C=1.0, max_iter=1000))


def temperature(texts: Any, names: Any, seed: int) -> float:
    """What scores are divided by, so that of what is said with 0.8 about eight in ten are right: by folds of the learning rows."""
    import numpy as np
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    scores = cross_val_predict(pipeline(), texts, names, cv=folds, method="decision_function")
    right = np.searchsorted(np.unique(names), names)

    def loss(heat: float) -> float:
        scaled = scores / heat
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        return float((np.log(np.exp(scaled).sum(axis=1)) - scaled[np.arange(len(right)), right]).mean())

    return min(TEMPERATURES, key=loss)


def weights(fitted: Any, heat: float) -> dict[str, Any]:
    """What `learned` reads: idf and weights of every lemma, one offset for each category."""
    words, line = fitted[0], fitted[1]
    idf, rows = words.idf_, line.coef_.T
    return {
        "categories": [str(name) for name in line.classes_],
        "offsets": [round(float(one), DIGITS) for one in line.intercept_],
        "temperature": heat,
        "words": {
            word: [round(float(idf[at]), DIGITS), *(round(float(one), DIGITS) for one in rows[at])]
            for word, at in words.vocabulary_.items()
        },
    }


def learn(order: dict[str, Any]) -> dict[str, Any]:
    """Judged on rows it has not seen; the weights that are kept have then learned from all."""
    import numpy as np
    from sklearn.model_selection import train_test_split

    texts = np.array([row[0] for row in order["rows"]], dtype=object)
    names = np.array([row[1] for row in order["rows"]])
    learning, held = train_test_split(
        np.arange(len(names)), test_size=order["held"], stratify=names, random_state=order["seed"]
    )
    heat = temperature(texts[learning], names[learning], order["seed"])
    said = pipeline().fit(texts[learning], names[learning]).predict(texts[held])
    return {
        "held": [int(one) for one in held],
        "said": [str(one) for one in said],
        "model": weights(pipeline().fit(texts, names), heat),
    }


if __name__ == "__main__":
    limit()
    sys.stdout.write(json.dumps(learn(json.load(sys.stdin)), ensure_ascii=True))
