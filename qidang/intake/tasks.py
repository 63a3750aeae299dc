"""What the worker does for this room; each task may run twice."""

from django.tasks import task


@task
def read_waiting(batch_pk: int) -> None:
    """识读: read a slice of what waits in the batch, and come again while something is left."""
    from .work import read_slice  # noqa: PLC0415  (reading makes arrivals of attachments, and arrivals enqueue this task)

    if read_slice(batch_pk):
        read_waiting.enqueue(batch_pk)


@task
def look_into_folders() -> None:
    """监视文件夹: take in what was laid into them."""
    from .folders import take_in_all  # noqa: PLC0415  (folders receive, and receiving enqueues these tasks)

    take_in_all()


@task
def pick_up_left_behind() -> None:
    """重拾: wake the batches and ledger sheets whose worker died over them, and end removals that broke off."""
    from . import clearing, sheets  # noqa: PLC0415  (as above)
    from .work import wake_left_behind  # noqa: PLC0415  (as above)

    wake_left_behind()
    sheets.wake_left_behind()
    clearing.finish()


@task
def read_again(sha256: str) -> None:
    """重新识读: read the paper whose text was lost."""
    from .rereading import reread  # noqa: PLC0415  (rereading enqueues this task)

    reread(sha256)


@task
def work_on_sheet(sheet_pk: int) -> None:
    """台账: plan, bring in or take back a slice of a ledger sheet, and come again while something is left."""
    from .models import SheetImport  # noqa: PLC0415  (the models are loaded after the tasks)
    from .sheets import work_on  # noqa: PLC0415  (sheets enqueue this task)

    if work_on(SheetImport.objects.get(pk=sheet_pk)):
        work_on_sheet.enqueue(sheet_pk)


@task
def take_project_folder(folder_pk: int) -> None:
    """导入项目: take in a part of what lies in a folder of the server, and come again while something is left."""
    from .models import ProjectFolder  # noqa: PLC0415  (as above)
    from .projects import take_folder  # noqa: PLC0415  (as above)

    if take_folder(ProjectFolder.objects.select_related("batch", "by").get(pk=folder_pk)):
        take_project_folder.enqueue(folder_pk)


@task
def match_projects() -> None:
    """导入项目: match what came in or was read since, and compare it with the ledger."""
    from .pairing import match_changed  # noqa: PLC0415  (as above)

    match_changed()
