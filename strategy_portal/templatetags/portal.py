"""The portal's vocabulary for templates: words for numbers and days, and the components two pages share.

Each component is a template of `templates/components/`, whose head names its variables.
"""

from urllib.parse import urlencode

from django import template
from django.utils.choices import flatten_choices
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _

from publishing import markdown, marks, words
from strategy_portal import dates, panels
from strategy_portal.nouns import MANY, noun_for
from strategy_portal.templatetags import form_errors

register = template.Library()

register.filter("number", words.number_words)
register.filter("day", words.day_words)
register.filter("moment", words.moment_words)
register.filter("clock", words.clock_words)
register.filter("markdown", markdown.html_of)
register.simple_tag(words.quantity_words, name="quantity")
register.simple_tag(words.period_words, name="period")
register.simple_tag(words.percent_words, name="percent")


@register.filter
def chosen(options):
    """How many of a group of choices (as `optgroups` gives them) are chosen."""
    return sum(option["selected"] for option in options)


@register.simple_tag(takes_context=True)
def none_seen(context):
    """What stands where a reader sees nothing; the secretariat sees everything, so there is nothing."""
    return _("None") if context["portal"].user.is_secretariat else _("None that you see")


@register.filter
def has_chosen(groups):
    """Whether anything is chosen in some groups of choices (as `optgroups` gives them)."""
    return any(chosen(options) for _name, options, _index in groups)


def _today(context):
    """The day of the page; the clock is asked once per page, not once per row."""
    return context["portal"].today if "portal" in context else dates.brussels_today()


# -- marks and dates -----------------------------------------------------------


def _mark(mark: marks.Mark, word):
    """A mark as HTML. The shape is one of `mark_shapes`, the word is written, the colour comes from the style sheet."""
    return format_html(
        '<span class="mark mark-{}"><svg class="mark-shape" aria-hidden="true"><use href="#mark-{}"/></svg>{}</span>',
        mark.tone,
        mark.shape,
        word,
    )


@register.simple_tag
def mark_shapes():
    """The shapes of all marks, drawn once a page: a long list has some hundred marks."""
    drawn = format_html_join("", '<symbol id="mark-{}" viewBox="0 0 12 12">{}</symbol>', marks.SHAPES.items())
    return format_html('<svg class="mark-shapes" aria-hidden="true">{}</svg>', drawn)


@register.simple_tag
def mark(tone, word, shape=""):
    """A mark that is no model's state: `{% mark "warn" "Due soon" %}`. Tones: ok, warn, bad, info, mute."""
    shapes = {"ok": "dot", "warn": "triangle", "bad": "diamond", "info": "half", "mute": "ring"}
    return _mark(marks.Mark(tone, shape or shapes[tone]), word)


@register.simple_tag
def state_mark(thing, field="status"):
    """The mark of a row's state: `{% state_mark plan %}`, `{% state_mark note field="health" %}`."""
    state = getattr(thing, field)
    if not state:
        return ""
    return _mark(marks.mark_for(state, thing._meta.model_name), getattr(thing, f"get_{field}_display")())


@register.simple_tag
def state_word(state, word, model=""):
    """The mark of a state that is no field: `{% state_word "missing" _("Missing") %}`."""
    return _mark(marks.mark_for(state, model), word)


@register.inclusion_tag("components/due_date.html", takes_context=True)
def due_date(context, due_on, is_met=False, short=False, stacked=False):
    """A deadline: the day, how many days are left in words and a shape when it is near or past."""
    today = _today(context)
    days = dates.days_left(due_on, today) if due_on else None
    seen = None if days is None or is_met else marks.due_mark(days)
    return {
        "due_on": due_on,
        "text": _day_in(short, due_on, today) if due_on else "",
        "in_words": "" if days is None or is_met else dates.in_words(days),
        "tone": seen.tone if seen else "",
        "shape": seen.shape if seen and seen.tone != "mute" else "",
        "stacked": stacked,
    }


def _day_in(short, day, today):
    return words.short_day_words(day, today.year) if short else words.day_words(day)


@register.simple_tag(takes_context=True)
def days_left(context, due_on):
    """How far a day is from the page's day, in words: "in 4 days", "2 days late"."""
    return dates.in_words(dates.days_left(due_on, _today(context)))


# -- errors ----------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def error_prefix(context):
    """ "Error: " before the title of a page that comes back with errors."""
    return _("Error: ") if form_errors.lines(form_errors.forms_in(context)) else ""


@register.inclusion_tag("components/error_summary.html", takes_context=True)
def page_errors(context):
    """Every error of every form of the page, on top, each with a link to its field (`base.html` calls this)."""
    return {"lines": form_errors.lines(form_errors.forms_in(context))}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms):
    """The same for the given forms and formsets only, for a fragment that stands without `base.html`."""
    return {"lines": form_errors.lines(forms)}


# -- lists and tables --------------------------------------------------------------


@register.simple_block_tag
def table(content, caption, hide_caption=False, css=""):
    """A table with its caption, in a region that scrolls by itself; between the tags come thead and tbody."""
    return format_html(
        '<div class="table-region" role="region" tabindex="0" aria-label="{}"><table class="table {}">'
        '<caption{}>{}</caption>{}</table></div>',
        caption, css, mark_safe(' class="visually-hidden"') if hide_caption else "", caption, content,
    )  # fmt: skip


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(context, key, label, css=""):
    """A heading that sorts by link; the order is in the address as `?sort=key` or `?sort=-key`."""
    query = context["request"].GET.copy()
    current = query.get("sort", "")
    query.pop("page", None)
    query["sort"] = f"-{key}" if current == key else key
    order = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    return {"label": label, "url": f"?{query.urlencode()}", "order": order, "css": css}


@register.inclusion_tag("components/filter_form.html", takes_context=True)
def filter_form(context, form, count, noun):
    """A GET form with what is filtered as chips, a way to clear it, and the number of results.

    `noun` is a name of `strategy_portal.nouns`, such as "actions"; it is shown as the number asks.
    """
    query = context["request"].GET
    chips = []
    for field in form.visible_fields():
        values = [value for value in query.getlist(field.html_name) if value.strip()]
        offered = flatten_choices(getattr(field.field, "choices", [])) if values else []
        choices = {str(key): label for key, label in offered}
        for value in values:
            rest = [
                (k, v)
                for k, vs in query.lists()
                for v in vs
                if (k, v) != (field.html_name, value) and k != "page"
            ]
            chips.append(
                {
                    "label": field.label,
                    "value": choices.get(str(field.field.prepare_value(value)), value),
                    "url": f"?{urlencode(rest)}",
                }
            )
    return {"form": form, "chips": chips, "count": count,
            "noun": noun_for(noun, count), "nouns": noun_for(noun, MANY), "path": context["request"].path,
            "sort": query.get("sort", "")}  # fmt: skip


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context, page):
    """Links to the neighbouring pages of a list; nothing when there is only one."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    rest = query.urlencode()
    return {"page": page, "query": f"{rest}&" if rest else ""}


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(*parts):
    """Where the page stands: label and address in turn, at last the label of the page itself."""
    pairs = [(parts[i], parts[i + 1]) for i in range(0, len(parts) - 1, 2)]
    return {"parents": pairs, "here": parts[-1] if len(parts) % 2 else ""}


# -- blocks of a page ------------------------------------------------------------------


@register.simple_block_tag
def sheet(content, title="", level=2, css="", ident=""):
    """A white sheet with a heading: `{% sheet _("To do") %}…{% endsheet %}`."""
    if not title:
        return format_html('<div class="sheet {}">{}</div>', css, content)
    ident = ident or slugify(title) or "sheet"
    return format_html(
        '<section class="sheet {}" aria-labelledby="{}"><h{} class="sheet-title" id="{}">{}</h{}>{}</section>',
        css, ident, level, ident, title, level, content,
    )  # fmt: skip


@register.simple_block_tag
def fact(content, label):
    """One fact of a `<dl class="facts">`; what is empty says so."""
    return format_html(
        "<div><dt>{}</dt><dd>{}</dd></div>", label, content if content.strip() else _("Not stated")
    )


@register.inclusion_tag("components/step_bar.html")
def step_bar(steps, label):
    """How far something has come. Each step: label, state (done, current, next, skipped), note, url."""
    said = {
        "done": _("Done"),
        "current": _("In progress"),
        "next": _("Not started"),
        "skipped": _("Left out"),
    }
    return {
        "steps": [{**step, "said": step.get("said") or said[step["state"]]} for step in steps],
        "label": label,
    }


@register.inclusion_tag("components/task_list.html")
def task_list(tasks, label=""):
    """Sections to fill in. Each task: label, url, hint, why and state: completed, in_progress, not_started, blocked;
    on a checklist also check (nothing hinders it) and error. `said` are words of its own for the state.
    """
    said = {"completed": _("Completed"), "in_progress": _("In progress"), "not_started": _("Not started"),
            "blocked": _("Cannot start yet"), "check": _("To look at"), "error": _("Hinders it")}  # fmt: skip
    return {
        "tasks": [{**task, "said": task.get("said") or said[task["state"]]} for task in tasks],
        "label": label,
    }


@register.inclusion_tag("components/work_list.html", takes_context=True)
def work_list(context, items):
    """Duties by date. Each item: due_on, label (verb first), url, hint, tone and word of its mark."""
    return {"items": items, "portal": context.get("portal")}


@register.inclusion_tag("components/check_answers.html")
def check_answers(rows):
    """What was answered. Each row: label, value ("" is "Not answered"), url and what (the datum) of its link."""
    return {"rows": rows}


@register.inclusion_tag("components/kpi.html")
def kpi(label, value, note="", url="", tone=""):
    """A key figure that leads to its rows. Tones: bad, gold, ok; none is blue."""
    return {"label": label, "value": value, "note": note, "url": url, "tone": tone}


@register.inclusion_tag("components/figure.html")
def figure(figure, level=2):
    """A chart with the sentence it proves, its table and its CSV: see `publishing.charts.Figure`."""
    return {"figure": figure, "level": level, "sub": level + 1}


@register.inclusion_tag("components/empty_state.html")
def empty_state(text, url="", link=""):
    """Why a list is empty and what to do about it."""
    return {"text": text, "url": url, "link": link}


@register.inclusion_tag("components/action_button.html")
def action_button(label, url="", why_not="", style="primary"):
    """A link that looks like a button; with `why_not` it cannot be pressed and says why."""
    return {"label": label, "url": url, "why_not": why_not, "style": style, "ident": f"why-{slugify(label)}"}


@register.filter
def linked(why):
    """Why something cannot be done now, as a link where it is a `Reason` with an address: `{{ why_locked|linked }}`."""
    url = getattr(why, "url", "")
    return format_html('<a href="{}">{}</a>', url, why) if url else why


@register.inclusion_tag("components/reasons.html")
def reasons(reasons, title=""):
    """Why something cannot be done yet: the `Reason`s of a `NotAllowed`, each with a link to what mends it."""
    return {"reasons": reasons, "title": title}


@register.simple_tag(takes_context=True)
def panels_of(context, page, thing):
    """What higher apps add to this page (`strategy_portal.panels`): `{% panels_of "operation" operation %}`."""
    found = []
    for panel in panels.panels_for(page, context["request"].user, thing):
        with context.push(**panel.context):
            found.append(context.template.engine.get_template(panel.template).render(context))
    return format_html_join("", "{}", ((part,) for part in found))
