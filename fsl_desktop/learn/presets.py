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
    checking: Recipe | None
    """The same for the folds, which need not be as thorough to tell what helps. Texts are cut as for the kept
    model."""
    folds: int
    patience: int
    """Evaluations without a better held-out loss before the folds stop."""
    evaluate_every: int
    """Steps between evaluations."""
    least_steps: int
    """Never fewer steps than this: the held-out loss turns before the accuracy does."""
    refining: Recipe | None = None
    """Further steps in which unlabelled rows take part; None: they do not."""
    checks_refining: Recipe | None = None
    """The same for the folds; None: they end before."""
    chooses: bool = False
    """Whether the slower part is left out where the folds show that it does not help."""

    @property
    def steps(self) -> int:
        """Of a fold: what the curves show first."""
        return self.checking.steps if self.checking else 0

    def tuning_steps(self, fold_steps: int) -> int:
        """Of the model that is kept, if its folds were best after ``fold_steps``."""
        return round(self.recipe.steps * fold_steps / self.steps) if self.recipe else 0

    @property
    def final_steps(self) -> int:
        """At most, of the model that is kept."""
        recipe, refining = self.recipe, self.refining
        return (recipe.steps if recipe else 0) + (refining.steps if refining else 0)


_REFINING = Recipe(steps=8, learning_rate=1e-4, batch=48, max_tokens=24)
_RECIPE = Recipe()
_BALANCED = Plan(
    _RECIPE,
    checking=replace(_RECIPE, steps=12, batch=24),
    folds=2,
    patience=2,
    evaluate_every=3,
    least_steps=9,
    refining=_REFINING,
)
_PLANS = {
    Preset.INSTANT: Plan(None, None, folds=SCORE_FOLDS, patience=0, evaluate_every=0, least_steps=0),
    Preset.BALANCED: _BALANCED,
    Preset.AUTO: replace(_BALANCED, chooses=True),
    Preset.THOROUGH: Plan(
        # More steps, longer texts and larger batches were tried for the kept model, and gained nothing.
        _RECIPE,
        checking=replace(_RECIPE, steps=16),
        folds=3,
        patience=3,
        evaluate_every=4,
        least_steps=12,
        refining=_REFINING,
        checks_refining=replace(_REFINING, batch=32),
    ),
}


def plan_of(config: TrainConfig, n_classes: int = 2) -> Plan:
    """The preset's plan with what the config overrules."""
    plan = _PLANS[config.preset]
    if plan.chooses and n_classes > MANY_CLASSES:
        plan = replace(_PLANS[Preset.INSTANT], chooses=True)
    if config.folds is not None:
        plan = replace(plan, folds=max(2, config.folds))
    if plan.recipe is None or plan.checking is None:
        return plan
    recipe, checking = _overruled(plan.recipe, config), _overruled(plan.checking, config)
    if config.steps is not None:
        recipe = replace(recipe, steps=max(1, config.steps))
        checking = replace(checking, steps=max(1, round(recipe.steps * plan.steps / plan.recipe.steps)))
    refining = checks_refining = None
    if plan.refining is not None and config.use_unlabelled:
        gentler = plan.refining.learning_rate / plan.recipe.learning_rate * recipe.learning_rate
        refining = replace(_overruled(plan.refining, config), learning_rate=gentler)
        if plan.checks_refining is not None:
            checks_refining = replace(_overruled(plan.checks_refining, config), learning_rate=gentler)
    every = max(1, min(plan.evaluate_every, checking.steps // 2))
    least = round(plan.least_steps * checking.steps / plan.steps)
    patience = plan.patience if config.patience is None else max(1, config.patience)
    return replace(
        plan,
        recipe=recipe,
        checking=checking,
        refining=refining,
        checks_refining=checks_refining,
        evaluate_every=every,
        least_steps=least,
        patience=patience,
    )


def _overruled(recipe: Recipe, config: TrainConfig) -> Recipe:
    if config.learning_rate is not None:
        recipe = replace(recipe, learning_rate=config.learning_rate)
    if config.tuned_layers is not None:
        recipe = replace(recipe, layers=max(1, config.tuned_layers))
    if config.weight_decay is not None:
        recipe = replace(recipe, weight_decay=config.weight_decay)
    if config.dropout is not None:
        recipe = replace(recipe, dropout=min(0.9, max(0.0, config.dropout)))
    return recipe
