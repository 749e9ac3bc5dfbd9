"""What Instant, Balanced and Thorough mean, and what Advanced changes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.learn.methods.pairwise import Recipe


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

    @property
    def steps(self) -> int:
        return self.recipe.steps if self.recipe else 0


_PLANS = {
    Preset.INSTANT: Plan(None, folds=5, patience=0, evaluate_every=0, least_steps=0),
    Preset.BALANCED: Plan(Recipe(steps=16), folds=2, patience=2, evaluate_every=4, least_steps=8),
    Preset.THOROUGH: Plan(Recipe(steps=24), folds=4, patience=2, evaluate_every=4, least_steps=12),
}


def plan_of(config: TrainConfig) -> Plan:
    """The preset's plan with what the config overrules."""
    plan = _PLANS[config.preset]
    if config.folds is not None:
        plan = replace(plan, folds=max(2, config.folds))
    if plan.recipe is None:
        return plan
    recipe = plan.recipe
    if config.steps is not None:
        recipe = replace(recipe, steps=max(1, config.steps))
    if config.tuned_layers is not None:
        recipe = replace(recipe, layers=max(1, config.tuned_layers))
    if config.learning_rate is not None:
        recipe = replace(recipe, learning_rate=config.learning_rate)
    if config.weight_decay is not None:
        recipe = replace(recipe, weight_decay=config.weight_decay)
    if config.dropout is not None:
        recipe = replace(recipe, dropout=min(0.9, max(0.0, config.dropout)))
    every = max(1, min(plan.evaluate_every, recipe.steps // 2))
    least = round(plan.least_steps * recipe.steps / plan.steps)
    patience = plan.patience if config.patience is None else max(1, config.patience)
    return replace(plan, recipe=recipe, evaluate_every=every, least_steps=least, patience=patience)
