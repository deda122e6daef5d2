"""What the pages remember for one user: the filters, the list that was shown, the chosen task."""

from typing import NoReturn

import streamlit as st

from nlp_tasks.viewer.results import Results

__all__ = ["choose", "chosen", "go", "keep_filters", "listed", "remember_list"]

FILTER = "filter_"
"""How the keys of the filters' widgets begin."""


def keep_filters() -> None:
    """Keep the filters while another page is shown; Streamlit forgets widgets that aren't drawn."""
    for key in list(st.session_state):
        if str(key).startswith(FILTER) or key == "language":
            st.session_state[key] = st.session_state[key]


def go(page: str) -> NoReturn:
    """Leave for another page: ``overview``, ``tasks`` or ``detail``."""
    st.switch_page(st.session_state["pages"][page])


def remember_list(results: Results, positions: list[int]) -> None:
    """Remember which tasks the user sees in which order, for «previous» and «next»."""
    st.session_state["list"] = (results.key, positions)


def listed(results: Results) -> list[int]:
    """Return the positions of the tasks that the user saw last, or of all tasks."""
    key, positions = st.session_state.get("list", ("", []))
    return list(positions) if key == results.key and positions else list(range(len(results.tagged)))


def choose(results: Results, position: int) -> None:
    """Choose the task that the detail page shows."""
    st.session_state["task"] = (results.key, position)


def chosen(results: Results) -> int:
    """Return the position of the chosen task, or of the one in the address (``?task=3``), or the first's."""
    key, position = st.session_state.get("task", ("", 0))
    if key == results.key:
        return int(position)
    asked = st.query_params.get("task", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
    return min(max(number, 1), len(results.tagged)) - 1
