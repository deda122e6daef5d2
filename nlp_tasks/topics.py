"""What a task is about: the acts and objects of its title, named by a table.

The guideline decides borders by what is done to what: clearing land for a road is one domain, building the
road another, spending its money a third. N-grams see the two words, seldom together; here a title's first
act and its objects become features, alone and crossed, from ``resources/topics.toml``.
"""

from functools import cache

from nlp_tasks.lexicon import Phrases, load_table

__all__ = ["read_topics"]

_MOST = 3  # mentions in a result beyond which more say nothing new


@cache
def _objects() -> Phrases:
    return Phrases(load_table("topics")["objects"])


@cache
def _acts() -> Phrases:
    return Phrases(load_table("topics")["acts"])


def read_topics(title: str, result: str) -> dict[str, float]:
    """Name the acts and objects of a task.

    Parameters
    ----------
    title, result : str
        Normalised text.

    Returns
    -------
    dict of str to float
        Features in [0, 1]: the title's objects, its first object and first act, their crosses, and how
        often the result mentions each object.

    Examples
    --------
    >>> sorted(read_topics("Thi công kè biển", ""))
    ['act:build', 'act:build:first:dyke', 'act:build:object:dyke', 'first:dyke', 'object:dyke']
    """
    objects = _names(_objects(), title)
    acts = _names(_acts(), title)
    features = {f"object:{name}": 1.0 for name in objects}
    if objects:
        features[f"first:{objects[0]}"] = 1.0
    if acts:
        features[f"act:{acts[0]}"] = 1.0
        features |= {f"act:{acts[0]}:object:{name}": 1.0 for name in objects}
    if acts and objects:
        features[f"act:{acts[0]}:first:{objects[0]}"] = 1.0
    mentions = _names(_objects(), result)
    features |= {f"result:{name}": min(mentions.count(name), _MOST) / _MOST for name in mentions}
    return features


def _names(phrases: Phrases, text: str) -> list[str]:
    return [name for name, _, _ in phrases.find(text)]
