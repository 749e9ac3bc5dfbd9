"""What Auto, Instant, Balanced and Thorough mean, and what Advanced changes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.learn.methods.pairwise import Recipe

MANY_CLASSES = 20
"""With more, tuning gains nothing over the head alone, and takes long."""
SCORE_FOLDS = 5
"""Of the head on frozen embeddings, which is fitted in no time."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A run's settings with every default filled in."""

    recipe: Recipe | None
    """None: only the head is fitted."""
    folds: int
    patience: int
    """Evaluations without a better held-out loss before the folds stop."""
    evaluate_every: int
    """Steps between evaluations."""
    least_steps: int
    """Never fewer steps than this: the held-out loss turns before the accuracy does."""
    refining: Recipe | None = None
    """Further steps in which unlabelled rows take part; None: they do not."""
    checks_refining: bool = False
    """Whether the folds go through those steps as well."""
    chooses: bool = False
    """Whether the slower part is left out where the folds show that it does not help."""

    @property
    def steps(self) -> int:
        """Of a fold: what the curves show first."""
        return self.recipe.steps if self.recipe else 0

    @property
    def final_steps(self) -> int:
        """At most, of the model that is kept."""
        return self.steps + (self.refining.steps if self.refining else 0)


_REFINING = Recipe(steps=8, learning_rate=1e-4, batch=48, max_tokens=24)
_BALANCED = Plan(Recipe(), folds=2, patience=2, evaluate_every=5, least_steps=10, refining=_REFINING)
_PLANS = {
    Preset.INSTANT: Plan(None, folds=SCORE_FOLDS, patience=0, evaluate_every=0, least_steps=0),
    Preset.BALANCED: _BALANCED,
    Preset.AUTO: replace(_BALANCED, chooses=True),
    Preset.THOROUGH: Plan(
        Recipe(steps=24, batch=48, max_tokens=48),
        folds=3,
        patience=3,
        evaluate_every=5,
        least_steps=12,
        refining=replace(_REFINING, steps=12),
        checks_refining=True,
    ),
}


def plan_of(config: TrainConfig, n_classes: int = 2) -> Plan:
    """The preset's plan with what the config overrules."""
    plan = _PLANS[config.preset]
    if plan.chooses and n_classes > MANY_CLASSES:
        plan = replace(_PLANS[Preset.INSTANT], chooses=True)
    if config.folds is not None:
        plan = replace(plan, folds=max(2, config.folds))
    if plan.recipe is None:
        return plan
    recipe = _overruled(plan.recipe, config)
    if config.steps is not None:
        recipe = replace(recipe, steps=max(1, config.steps))
    if config.learning_rate is not None:
        recipe = replace(recipe, learning_rate=config.learning_rate)
    refining = None
    if plan.refining is not None and config.use_unlabelled:
        gentler = plan.refining.learning_rate / plan.recipe.learning_rate * recipe.learning_rate
        refining = replace(_overruled(plan.refining, config), learning_rate=gentler, layers=recipe.layers)
    every = max(1, min(plan.evaluate_every, recipe.steps // 2))
    least = round(plan.least_steps * recipe.steps / plan.steps)
    patience = plan.patience if config.patience is None else max(1, config.patience)
    return replace(
        plan,
        recipe=recipe,
        refining=refining,
        evaluate_every=every,
        least_steps=least,
        patience=patience,
    )


def _overruled(recipe: Recipe, config: TrainConfig) -> Recipe:
    if config.tuned_layers is not None:
        recipe = replace(recipe, layers=max(1, config.tuned_layers))
    if config.weight_decay is not None:
        recipe = replace(recipe, weight_decay=config.weight_decay)
    if config.dropout is not None:
        recipe = replace(recipe, dropout=min(0.9, max(0.0, config.dropout)))
    return recipe
