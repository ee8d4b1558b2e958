from .lines import LineCreateView, LineDeleteView, LineEditView
from .operations import (
    OperationCreateView,
    OperationEditView,
    OperationInviteView,
    OperationListView,
    OperationStepView,
    ParticipationStepView,
    operation_detail,
)
from .results import (
    SubmissionStepView,
    submission_correct,
    submission_detail,
    submission_list,
    submission_receipt,
    submission_review,
    submission_start,
    submission_version,
)
from .sections import ControlsView, DetailsView, FindingsView, submission_check

__all__ = [
    "ControlsView",
    "DetailsView",
    "FindingsView",
    "LineCreateView",
    "LineDeleteView",
    "LineEditView",
    "OperationCreateView",
    "OperationEditView",
    "OperationInviteView",
    "OperationListView",
    "OperationStepView",
    "ParticipationStepView",
    "SubmissionStepView",
    "operation_detail",
    "submission_check",
    "submission_correct",
    "submission_detail",
    "submission_list",
    "submission_receipt",
    "submission_review",
    "submission_start",
    "submission_version",
]
