"""The envelopes in which Amazon's services hand on one another's events."""

DEPTH = 5
"""The envelopes lie in each other: a queue's record holds what SNS wrote, which holds EventBridge's, which holds the event."""


def opened(is_event: str, message: str = "json_in(one ->> '$.Message')", times: int = DEPTH) -> str:
    """SQL for `records`: the events in SNS's, SQS's, Lambda's, EventBridge's, Kinesis' and Firehose's envelopes.

    `is_event`: SQL over `one` for what is an event itself; `message`: what is made of an SNS notification. What is no envelope stays
    as it is.
    """
    if not times:
        return "[json]"
    return f"""flatten(list_transform({opened(is_event, message, times - 1)}, lambda one: CASE
        WHEN {is_event} THEN [one]
        WHEN json_exists(one, '$.Message') THEN [coalesce({message}, one)]
        WHEN json_exists(one, '$.Records') THEN json_items(one -> '$.Records')
        WHEN json_exists(one, '$.records') THEN json_items(one -> '$.records')
        WHEN json_exists(one, '$.Messages') THEN json_items(one -> '$.Messages')
        ELSE [coalesce(
            one -> '$.Sns', json_in(one ->> '$.body'), json_in(one ->> '$.Body'), one -> '$.detail',
            json_in_base64(coalesce(one ->> '$.kinesis.data', one ->> '$.data')), one)] END))"""
