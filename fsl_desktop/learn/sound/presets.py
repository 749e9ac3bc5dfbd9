"""What Auto, Instant, Balanced and Thorough mean for recordings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.learn.methods.pairwise import Recipe
from fsl_desktop.learn.presets import SCORE_FOLDS, Plan

SHARE = 0.5
"""What the tuned layers have to say beside the mix of frozen encoders."""
ENOUGH = 20
"""Labelled clips per class, on average, from which on Automatic tries to tune: with fewer it never gained
anything over the mix."""
PERFECT = 0.95
"""So much of the held-out clips the mix has right where Automatic no longer looks for more: tuning never
gained anything there, and its folds cost minutes."""
MOST_ROWS = 600
"""Labelled clips that are tuned on: what was heard of them is kept in memory, up to 0.5 MB each."""
_SHORT = 1.2
"""Seconds of a clip, on average, up to which Whisper's layers are tuned as well: a step of them takes six
times as long as one of YAMNet's."""
_HEARD = 2.0
"""Seconds of a clip that a step hears at most."""
_COSTLY = ("whisper-base",)

_RECIPE = Recipe(steps=24, learning_rate=2e-4, batch=32, dropout=0.0)
_BALANCED = Plan(
    _RECIPE,
    checking=replace(_RECIPE, steps=16, batch=24),
    folds=2,
    patience=2,
    evaluate_every=4,
    least_steps=8,
)
_PLANS = {
    Preset.INSTANT: Plan(None, None, folds=SCORE_FOLDS, patience=0, evaluate_every=0, least_steps=0),
    Preset.BALANCED: _BALANCED,
    Preset.AUTO: replace(_BALANCED, chooses=True),
    Preset.THOROUGH: replace(
        _BALANCED,
        recipe=replace(_RECIPE, steps=60),
        checking=replace(_RECIPE, steps=40),
        folds=3,
        patience=3,
        evaluate_every=5,
        least_steps=10,
    ),
}


def plan_of_sounds(config: TrainConfig) -> Plan:
    """The preset's plan with what the config overrules; how many layers are tuned is not for it to say."""
    plan = _PLANS[config.preset]
    if config.folds is not None:
        plan = replace(plan, folds=max(2, config.folds))
    if plan.recipe is None or plan.checking is None:
        return plan
    recipe, checking = _overruled(plan.recipe, config), _overruled(plan.checking, config)
    if config.steps is not None:
        recipe = replace(recipe, steps=max(1, config.steps))
        checking = replace(checking, steps=max(1, round(recipe.steps * plan.steps / plan.recipe.steps)))
    return replace(
        plan,
        recipe=recipe,
        checking=checking,
        evaluate_every=max(1, min(plan.evaluate_every, checking.steps // 2)),
        least_steps=round(plan.least_steps * checking.steps / plan.steps),
        patience=plan.patience if config.patience is None else max(1, config.patience),
    )


def models_to_tune(there: Sequence[str], preset: Preset, seconds: float) -> tuple[str, ...]:
    """Those of the tunable models ``there`` that are worth their time on clips so long on average."""
    long = min(seconds, _HEARD) > _SHORT and preset is not Preset.THOROUGH
    quick = tuple(model for model in there if not (long and model in _COSTLY))
    return quick or tuple(there)


def _overruled(recipe: Recipe, config: TrainConfig) -> Recipe:
    if config.learning_rate is not None:
        recipe = replace(recipe, learning_rate=config.learning_rate)
    if config.weight_decay is not None:
        recipe = replace(recipe, weight_decay=config.weight_decay)
    return recipe
